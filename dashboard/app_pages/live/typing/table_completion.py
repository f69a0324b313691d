"""A question in a table that is known in other languages: the cells that can be filled in from what is known of it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.typing.draft import ANSWER, QUESTION, SEVERAL, SUBJECT, Cell, Draft, option
from dashboard.app_pages.live.typing.recognition import Recognised, recognise
from dashboard.app_pages.live.typing.template_filling import PLACE, TypedTemplate, called
from dashboard.app_pages.live.typing.undo import replace_state
from dashboard.elements import prose
from dashboard.elements.figures import counted


def say_known_question(version: str, draft: Draft, languages: Sequence[str], *, key: str) -> None:
    """Draw that a question of the table is a known one, and a button that fills in the cells that are still empty."""
    for tag in (tag for tag in languages if draft.text(tag, QUESTION)):
        template = _template(draft, tag)
        meaning = recognise(version, queries.view(version, "probe_relations"), template, languages)
        if meaning is None or not meaning.subject or not (cells := known_cells(draft, languages, template, meaning)):
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            prose.sentence(
                f"You seem to ask “{meaning.relation[1].replace('_', ' ')}”, which is known in other languages."
            )
            st.button(
                f"Fill in {counted(len(cells), 'empty cell')}",
                key=f"known-{key}",
                on_click=replace_state,
                args=(key, draft.with_cells(cells)),
                kwargs={"before": draft, "what": "the known texts"},
            )
        return


def known_cells(
    draft: Draft, languages: Sequence[str], template: TypedTemplate, meaning: Recognised
) -> dict[Cell, str]:
    """What is known for the empty cells, where the question is among them; nothing that was typed is replaced."""
    own = template.language
    cells: dict[Cell, str] = {}
    for tag in languages:
        subject = meaning.subject.get(tag)
        if draft.text(tag, QUESTION) or subject is None or tag not in meaning.wordings:
            continue
        known = {QUESTION: meaning.wordings[tag].replace(PLACE, subject), SUBJECT: subject}
        for column in draft.columns:
            text = draft.text(own, column)
            if column not in known and text:
                known[column] = meaning.answers.get(text, {}).get(tag) or called(text, template, tag) or ""
        cells |= {
            (tag, column): known[column]
            for column in draft.columns
            if known.get(column) and not draft.text(tag, column)
        }
    return cells


def _template(draft: Draft, tag: str) -> TypedTemplate:
    """What a row of the table says, as a template."""
    gold = draft.gold[0] if draft.gold and draft.gold[0] < draft.n_options else None
    options = [draft.text(tag, option(index)) for index in range(draft.n_options)]
    return TypedTemplate(
        language=tag,
        question=draft.text(tag, QUESTION),
        subject=draft.text(tag, SUBJECT),
        answer=options[gold] if gold is not None else draft.text(tag, ANSWER),
        wrong=f"{SEVERAL} ".join(text for index, text in enumerate(options) if index != gold),
        options="own" if options else "none",
    )
