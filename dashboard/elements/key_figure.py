"""A key figure as a card, with its n or its interval below it."""

import html

import pandas as pd
import streamlit as st

from dashboard.elements import figures
from dashboard.elements.visible_text import visible
from engine.browse.queries import Row

_NO_FIGURE = "not measured"


def card(label: str, value: str, note: str, *, explained: str = "") -> None:
    """One figure, a note below it, and an explanation on hover.

    Not st.metric, which reads its value as Markdown: a value may quote data, such as a model's name.
    """
    hint = f' <span class="iso-hint" title="{html.escape(explained)}" tabindex="0">ⓘ</span>' if explained else ""
    st.html(
        f'<div class="iso-figure"><div>{visible(label)}{hint}</div><div class="iso-value">{visible(value)}</div>'
        f'<div class="iso-note">{visible(note)}</div></div>'
    )


def interval_note(row: Row, value: str, bounds: str, *, unit: str = "%") -> str:
    """What stands below a figure: its 95 % interval, or that there is none."""
    if pd.isna(row[value]):
        return _NO_FIGURE
    shown = figures.interval(row[f"{bounds}_low"], row[f"{bounds}_high"])
    return f"95 %: {shown.replace('%', unit)}" if shown else "no interval"
