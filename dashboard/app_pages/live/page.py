"""Live probe: a fact that the visitor types, asked in every language; and the saved probes."""

from pathlib import Path

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.asking import panel as live_results
from dashboard.app_pages.live.saved.link import follow_link
from dashboard.app_pages.live.typing.typing_panel import typed_fact
from dashboard.elements import prose

st.html(Path(__file__).with_name("live.css"))
st.title("In which languages does a model know it?")
prose.sentence("Type a fact once; a model is asked it in every language, and you see where it breaks.")
follow_link()
live_results.results(typed_fact(queries.version()))
