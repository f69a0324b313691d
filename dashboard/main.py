"""The page script: title, navigation, shared sidebar, then the page chosen."""

from pathlib import Path

import streamlit as st

from dashboard.choices import notices, sidebar, url_state
from dashboard.page_registry import PAGES, follow_former_address, navigation
from engine.former_names import former_keys

SIDEBAR_WIDTH = 300  # pixels

scripts = navigation()
script = st.navigation(list(scripts.values()), position="top")
page = next(page for page in PAGES if scripts[page.name].url_path == script.url_path)
st.set_page_config(page_title=page.tab_title, page_icon="🗺️", layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
has_sidebar = page.needs != "nothing"
for sheet in ("style.css", *(() if has_sidebar else ("without_sidebar.css",))):
    st.html(Path(__file__).with_name(sheet))

is_former = follow_former_address(page)
if url_state.rename(former_keys(page.name)) or is_former:
    st.toast("This link was of a former form; the address above is the present one.")
selection = sidebar.choose() if has_sidebar else sidebar.remember()
notices.left_out(selection)
place = st.container()
try:
    fewest = 1 if page.needs == "one language" else 2
    if not has_sidebar or notices.is_enough(selection, languages=fewest):
        st.session_state["selection"] = selection
        script.run()
finally:  # a page that stops early has read its part of the URL as well
    with place:
        notices.unknown_names()
