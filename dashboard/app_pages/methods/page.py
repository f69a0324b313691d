"""Methods: what each measure means and how it is computed, read from the SQL that computes it."""

import streamlit as st

from dashboard.elements import prose
from engine.metrics.definition import OWN, metrics
from engine.metrics.metric import NEEDS, Metric

LEVELS = {
    "performance": "Performance: does the model know as much in each language?",
    "consistency": "Consistency: does it know the same facts?",
    "conductivity": "Conductivity: does a fact learnt in one language come out in another?",
}


def show(metric: Metric) -> None:
    """One measure: its header as a table, then the statement itself."""
    st.subheader(metric.title, anchor=metric.name)
    prose.sentence(metric.meaning)
    prose.definitions(
        {
            "Range": metric.range,
            "Direction": metric.direction,
            "Interval": metric.interval,
            "Needs": ", ".join(NEEDS[need] for need in metric.needs),
            "Source": metric.source if metric.origin == OWN else f"{metric.source} (measure of {metric.origin})",
            "Confirmed": ("Yes. " if metric.confirmed else "Not confirmed. ") + metric.confirmation,
        }
    )
    with st.expander("SQL"):
        st.code(metric.sql, language="sql")
    st.code(f"python -m engine metric {metric.name}", language=None)


st.title("How is each measure computed?")
prose.sentence(
    "Every figure on these pages of what models know comes from one of the statements below; a measure that could not "
    "be checked against its source says so here and wherever it is shown. A fact that was not measured is missing, "
    "never wrong. What Runs tells of the asking, and Live probe of a model just asked, are no measures."
)
for level, question in LEVELS.items():
    members = [metric for metric in metrics().values() if metric.level == level]
    if members:
        st.header(question)
    for metric in members:
        show(metric)
