"""One of everything that the dashboard draws with, and pages that fail."""

from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import dashboard
from engine.errors import IsoglossError

ROWS = [{"row": row, "column": column, "share": share} for row, column, share in (("de", "fr", 20), ("he", "ar", 80))]
HEATMAP = {
    "data": {"values": ROWS},
    "transform": [{"calculate": "datum.row + ' and ' + datum.column", "as": "pair"}],  # needs Vega's interpreter
    "mark": {"type": "rect", "tooltip": True},
    "params": [{"name": "cell", "select": {"type": "point", "fields": ["row", "column"]}}],
    "encoding": {
        "x": {"field": "column"},
        "y": {"field": "row"},
        "color": {"field": "share", "type": "quantitative"},
        "description": {"field": "pair"},
    },
}


def elements() -> None:
    st.title("Every element")
    event = st.vega_lite_chart(HEATMAP, on_select="rerun", key="heatmap")
    st.text(f"chosen: {event['selection']['cell']}")
    st.plotly_chart(go.Figure(go.Scatter(x=[1, 2], y=[3, 4])))
    st.dataframe(pd.DataFrame(ROWS))
    st.table(pd.DataFrame(ROWS))
    st.html('<p id="hebrew" dir="auto" lang="he">שלום עולם</p>')
    st.download_button("Download", b"a,b", "table.csv")
    st.markdown("![outside](https://outside.invalid/picture.png)" if "outside" in st.query_params else "inside")


def texts() -> None:
    st.title("Every text")
    st.caption("A caption")
    st.sidebar.selectbox("Model", ["chatgpt"], help="Which model")
    st.sidebar.multiselect("Languages", ["עברית", "English"], default=["English"])
    st.sidebar.file_uploader("File")
    st.sidebar.caption("A note")
    st.segmented_control("Measure", ["Overlap", "Above chance"], default="Overlap")
    st.multiselect("Right in", ["English"], default=["English"])
    st.slider("How many", 0, 10, 3)
    st.metric("Accuracy", "65 %", "8 points", border=True)
    st.metric("Models", "46", "all", delta_color="off", border=True)
    st.button("Primary", type="primary")
    st.link_button("Primary link", "/", type="primary")
    st.button("Plain", icon=":material/search:")
    for box in (st.info, st.warning, st.error, st.success):
        box(f"A box of {box.__name__}")
    st.markdown("A [link](/), `code` and :red[red] :green[green] :blue[blue] :orange[orange] :gray[grey]")
    st.tabs(["First", "Second"])
    st.radio("Order", ["up", "down"])
    st.expander("More")


def breaks() -> None:
    raise RuntimeError("secret-token in /secret/folder")


def refuses() -> None:
    raise IsoglossError("No model ![x](https://outside.invalid/x.png) <b>here</b>; choose another.")


st.set_page_config(page_title="Specimen", page_icon="🗺️", layout="wide")
st.html(Path(dashboard.__file__).with_name("style.css"))
pages = [st.Page(page, url_path=page.__name__) for page in (texts, breaks, refuses)]
st.navigation([st.Page(elements, default=True, icon=":material/search:"), *pages], position="top").run()
