"""Live probe: a fact that the visitor types, asked in every language; and the saved probes."""

from pathlib import Path

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.asking import panel as live_results
from dashboard.app_pages.live.asking.fold import FORM
from dashboard.app_pages.live.saved.link import follow_link
from dashboard.app_pages.live.typing.typing_panel import typed_fact
from dashboard.elements import prose

st.html(Path(__file__).with_name("live.css"))
st.title("In which languages does a model know it?")
follow_link()
if "fact" in st.query_params:  # the form takes it over
    live_results.show_form()
with st.container(key=FORM):
    prose.sentence("Type a fact once; a model is asked it in every language, and you see where it breaks.")
    typed = typed_fact(queries.version())
live_results.results(typed)
