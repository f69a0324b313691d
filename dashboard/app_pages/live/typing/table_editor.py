"""The table of a typed fact: a row per language, a column per text, and beside every row what is wrong with it."""

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.app_pages.live.typing.draft import ANSWER, QUESTION, SUBJECT, Cell, Draft, problems_of
from dashboard.app_pages.live.typing.language_controls import label
from dashboard.elements.visible_text import visible
from engine.languages import language
from engine.live.fact.problems import LONGEST_TEXT
from engine.live.protocol.fact_text import CellProblem

_LANGUAGE = "language"
_ROW = 35  # pixels
_WIDTHS = {QUESTION: 240, SUBJECT: 120, ANSWER: 200}  # pixels; where there is room they grow
_OPTION = 110  # pixels: the least in which a title with its mark can be read
_STYLE = f"""<style>
ul.iso-checks {{ list-style: none; margin: {_ROW + 1}px 0 0; padding: 0; font-size: .8rem; line-height: 1.15; }}
ul.iso-checks li {{ padding: 0; height: {_ROW}px; margin: 0; display: flex; align-items: center; overflow: hidden; }}
.iso-checks .iso-wrong {{ color: light-dark(#a83409, #ffab78); font-weight: 600; }}
.iso-checks .iso-right {{ color: light-dark(#075a6b, #7fd6dd); }}
.iso-checks .iso-rest {{ color: light-dark(#52616b, #a3b1b9); }}
</style>"""


def edit_table(draft: Draft, languages: Sequence[str], *, name: str, version: object, alt: str) -> Draft:
    """Draw the table to be edited; the draft with what was typed.

    Another `version` is another table of that name: what was typed into the one before is no longer looked at.
    """
    columns = draft.columns
    digest = hashlib.sha256(repr((version, tuple(languages), columns)).encode("utf-8", "backslashreplace"))
    key = f"{name}-{digest.hexdigest()[:16]}"
    before = _as_drawn_first(draft, languages, name=name, key=key)
    draft = draft.with_cells(_edits(key, languages))
    cells, checks = st.columns([8, 2], gap="small")
    with cells:
        st.data_editor(
            pd.DataFrame(
                [
                    {_LANGUAGE: label(tag)} | {column: before.get((tag, column), "") for column in columns}
                    for tag in languages
                ]
            ),
            key=key,
            hide_index=True,
            width="stretch",
            height=_ROW * (len(languages) + 1) + 3,
            row_height=_ROW,
            column_config={
                _LANGUAGE: st.column_config.TextColumn("Language", disabled=True, pinned=True),
                **{
                    column: st.column_config.TextColumn(
                        _title(column, draft), width=_WIDTHS.get(column, _OPTION), max_chars=LONGEST_TEXT, default=""
                    )
                    for column in columns
                },
            },
            alt=alt,
        )
    with checks:
        st.html(_checks(check_rows(draft, languages)))
    return draft


def check_rows(draft: Draft, languages: Sequence[str]) -> dict[str, str]:
    """What is to be said of each language's row."""
    problems = problems_of(draft.fact(languages))
    begun = draft.begun_in(languages)
    return {tag: _check(draft, tag, problems, is_begun=tag in begun) for tag in languages}


def _as_drawn_first(draft: Draft, languages: Sequence[str], *, name: str, key: str) -> Mapping[Cell, str]:
    """The cells as the table was first drawn with.

    While it is edited it must be drawn with the same ones: others would close the cell that is being written in.
    """
    place = f"table-before-{name}"
    if st.session_state.get(place, ("",))[0] != key or key not in st.session_state:
        cells = {(tag, column): draft.cells.get((tag, column), "") for tag in languages for column in draft.columns}
        st.session_state[place] = (key, cells)
    found: Mapping[Cell, str] = st.session_state[place][1]
    return found


def _edits(key: str, languages: Sequence[str]) -> dict[Cell, str]:
    """The cells that were edited since the table was first drawn; applying them again changes nothing."""
    state = st.session_state.get(key)
    rows: Mapping[int, Mapping[str, str | None]] = state["edited_rows"] if state else {}
    return {
        (languages[index], column): text or ""
        for index, cells in rows.items()
        for column, text in cells.items()
        if index < len(languages) and column != _LANGUAGE
    }


def _check(draft: Draft, tag: str, problems: Sequence[CellProblem], *, is_begun: bool) -> str:
    wrong = [f"{problem.cell} {problem.problem}".strip() for problem in problems if problem.language == tag]
    if wrong:
        return f"✗ {'; '.join(wrong)}"
    if not is_begun:
        return "empty: not asked"
    if missing := draft.missing(tag):
        more = f" and {len(missing) - 2} more" if len(missing) > 2 else ""
        return f"not asked: {', '.join(missing[:2])}{more} missing"
    unconfirmed = [column for column in draft.columns if (tag, column) in draft.machine]
    notes = [f"machine-made: {', '.join(unconfirmed)}"] if unconfirmed else []
    if not draft.n_options and not draft.text(tag, ANSWER):
        notes.append("no answer to compare with")
    return f"✓ {'; '.join(notes)}".strip()


def _checks(checks: Mapping[str, str]) -> str:
    """A line beside each row."""
    kinds = {"✗": "wrong", "✓": "right"}
    rows = "".join(
        f'<li class="iso-{kinds.get(check[:1], "rest")}">'
        f"<span>{visible(language(tag).name)}: {visible(check)}</span></li>"
        for tag, check in checks.items()
    )
    return f'{_STYLE}<ul class="iso-checks" role="list" aria-label="Check">{rows}</ul>'


def _title(column: str, draft: Draft) -> str:
    gold = column.startswith("option ") and int(column.split()[1]) - 1 in draft.gold
    return column[:1].upper() + column[1:] + (" ✓" if gold else "")
