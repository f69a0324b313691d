"""Text on a page that may quote data: nothing in it is read as Markdown or HTML."""

import streamlit as st

from dashboard.elements.visible_text import visible


def say(text: str) -> None:
    """A plain sentence in a box. The text may quote data, so nothing in it is read as Markdown or HTML."""
    st.html(f'<p role="status" class="notice" dir="auto">{visible(text)}</p>')


def sentence(text: str) -> None:
    """A plain paragraph; nothing in it is read as Markdown or HTML."""
    st.html(f'<p class="sentence" dir="auto">{visible(text)}</p>')


def heading(text: str) -> None:
    """The title of a part of a page, where it may quote data."""
    st.html(f'<p class="sentence" dir="auto"><strong>{visible(text)}</strong></p>')


def caption(text: str) -> None:
    """Small print, where it may quote data: st.caption would read it as Markdown."""
    st.html(f'<p class="caption" dir="auto">{visible(text)}</p>')


def definitions(terms: dict[str, str]) -> None:
    """Terms and what they mean, as a description list of plain text."""
    rows = "".join(f"<dt>{visible(term)}</dt><dd>{visible(text)}</dd>" for term, text in terms.items())
    st.html(f'<dl class="definitions">{rows}</dl>')
