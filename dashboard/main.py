"""The page script: title, navigation, shared sidebar, then the page chosen."""

from pathlib import Path

import streamlit as st

from dashboard import links, notices, sidebar, url

SIDEBAR_WIDTH = 280  # pixels
NEED_NO_FIGURES: tuple[links.PageName, ...] = ("live", "runs", "methods")
NEED_ONE_LANGUAGE: tuple[links.PageName, ...] = ("facts", "fact")

st.set_page_config(page_title="Isogloss", page_icon="🗺️", layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
st.html(Path(__file__).with_name("style.css"))

pages = links.pages()
page = st.navigation(list(pages.values()), position="top")


def is_one_of(names: tuple[links.PageName, ...]) -> bool:
    """Whether the page chosen is one of these."""
    return page.url_path in [pages[name].url_path for name in names]


if any(url.rename(keys) for name, keys in links.FORMER_KEYS.items() if is_one_of((name,))):
    st.toast("This link was of a former form; the address above is the present one.")
selection = sidebar.choose()
notices.left_out(selection)
place = st.container()
try:
    fewest = 1 if is_one_of(NEED_ONE_LANGUAGE) else 2
    if is_one_of(NEED_NO_FIGURES) or notices.is_enough(selection, languages=fewest):
        st.session_state["selection"] = selection
        page.run()
finally:  # a page that stops early has read its part of the URL as well
    with place:
        notices.unknown_names()
