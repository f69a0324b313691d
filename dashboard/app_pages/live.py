"""Live probe: a fact that the visitor types, asked in every language; and the probes that are kept."""

from pathlib import Path

import streamlit as st

from dashboard import notices, queries
from dashboard.live import results as live_results
from dashboard.live.ways_in import typed_fact

st.html(Path(__file__).parents[1] / "live" / "live.css")
st.title("In which languages does a model know it?")
notices.sentence("Type a fact once; a model is asked it in every language, and you see where it breaks.")
live_results.follow_link()
live_results.results(typed_fact(queries.version()))
