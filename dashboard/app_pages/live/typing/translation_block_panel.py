"""Translating elsewhere: a block to copy out for any translator or chat bot, and a place to paste what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.app_pages.live.typing.draft import Cell, Draft
from dashboard.app_pages.live.typing.undo import widget_generation
from dashboard.elements import prose
from dashboard.elements.figures import counted
from engine.languages import language
from engine.live.fact.translation_block import BlockText, ParsedBlock, block, parse, squeezed

Take = Callable[[Mapping[Cell, str]], None]
_EXAMPLE = "German [de] question: …\nGerman [de] option 1: …"
_SHOWN = 6  # lines with a problem, and cells, in full


def translation_block_panel(
    draft: Draft, languages: Sequence[str], *, key: str, take: Take, as_asked: Draft | None = None
) -> None:
    """Draw block and paste. `as_asked`: the draft as it is asked, where its cells hold more. `take` fills cells in."""
    asked = as_asked or draft
    with st.expander("Translate elsewhere: copy out, paste back"):
        source = max(languages, key=lambda tag: sum(bool(asked.text(tag, column)) for column in draft.columns))
        parts = [column for column in draft.columns if asked.text(source, column)]
        if not parts:
            prose.sentence("Type the fact in one language first; then its other languages can be translated elsewhere.")
            return
        texts = texts_to_write(draft, asked, languages, source=source, parts=parts)
        out, back = st.columns(2)
        with out:
            if all(text.text for text in texts):
                prose.sentence("Every language has all its texts. What is pasted can replace them.")
            else:
                prose.sentence("1. Copy this to any translator or chat bot. It asks for what is missing.")
                st.code(block(texts), language=None, wrap_lines=True, height=180)
        with back:
            pasted = f"block-paste-{key}-{widget_generation(key)}"
            st.text_area("2. Paste what came back", key=pasted, height=140, placeholder=_EXAMPLE)
            given = (pasted, draft, asked, languages, parts, key, take)
            st.button("Fill in the table", key=f"block-take-{key}", on_click=_take, args=given)
    _say_outcome(key, take)


def texts_to_write(
    draft: Draft, asked: Draft, languages: Sequence[str], *, source: str, parts: Sequence[str]
) -> list[BlockText]:
    """The fact in the language in which it is there, and what the others lack of it."""
    written = [BlockText(source, part, asked.text(source, part)) for part in parts]
    others = [(tag, part) for tag in languages if tag != source for part in parts]
    return written + [BlockText(tag, part, "") for tag, part in others if not draft.text(tag, part)]


@dataclass(frozen=True)
class PastedBlock:
    """What a pasted block does to a table: the cells that it fills, and those that hold another text."""

    fresh: Mapping[Cell, str]
    clashing: Mapping[Cell, str]
    parsed: ParsedBlock
    missing: Mapping[str, Sequence[str]]  # by language


def pasted_block(text: str, draft: Draft, asked: Draft, languages: Sequence[str], parts: Sequence[str]) -> PastedBlock:
    """Read a pasted block against a table, and what is asked of it. No cell that holds a text is a fresh one."""
    parsed = parse(text, languages=languages, parts=parts)
    there = {(one.language, one.part): one.text for one in parsed.texts}
    fresh = {cell: written for cell, written in there.items() if not draft.text(*cell)}
    clashing = {
        cell: written
        for cell, written in there.items()
        if cell not in fresh and written not in (squeezed(draft.text(*cell)), squeezed(asked.text(*cell)))
    }
    missing = {
        tag: lacking
        for tag, columns in parsed.missing(parts).items()
        if (lacking := [column for column in columns if not draft.text(tag, column)])
    }
    return PastedBlock(fresh, clashing, parsed, missing)


def _take(
    pasted: str, draft: Draft, asked: Draft, languages: Sequence[str], parts: Sequence[str], key: str, take: Take
) -> None:
    outcome = pasted_block(st.session_state.get(pasted, ""), draft, asked, languages, parts)
    if outcome.fresh:
        take(outcome.fresh)
    _remember(key, outcome)


def _replace(key: str, outcome: PastedBlock, take: Take) -> None:
    take(outcome.clashing)
    _remember(key, PastedBlock(outcome.clashing, {}, ParsedBlock((), ()), {}))


def _remember(key: str, outcome: PastedBlock) -> None:
    """Keep what came of it until the table is replaced by something else."""
    st.session_state[f"block-outcome-{key}"] = (widget_generation(key), outcome)


def _say_outcome(key: str, take: Take) -> None:
    generation, outcome = st.session_state.get(f"block-outcome-{key}", (None, None))
    if outcome is None or generation != widget_generation(key):
        return
    tags = {tag for tag, _ in outcome.fresh}
    if outcome.fresh:
        filled = f"{counted(len(outcome.fresh), 'text')} in {counted(len(tags), 'language')}"
        prose.say(f"Filled in: {filled}.")
    elif not outcome.clashing:
        prose.say("Nothing was filled in: paste lines such as “German [de] question: …”.")
    if outcome.clashing:
        with st.container(horizontal=True, vertical_alignment="center"):
            prose.say(f"Kept, because the table holds another text there: {_cells(outcome.clashing)}.")
            words = "Replace it" if len(outcome.clashing) == 1 else f"Replace these {len(outcome.clashing)}"
            st.button(words, key=f"block-replace-{key}", on_click=_replace, args=(key, outcome, take))
    if outcome.missing:
        lacking = [(tag, column) for tag, columns in outcome.missing.items() for column in columns]
        prose.say(f"Still missing: {_cells(lacking)}.")
    if problems := outcome.parsed.problems:
        lines = "; ".join(map(str, problems[:_SHOWN]))
        more = f"; and {counted(len(problems) - _SHOWN, 'more line')}" if len(problems) > _SHOWN else ""
        prose.say(f"Not taken: {lines}{more}.")


def _cells(cells: Mapping[Cell, str] | Sequence[Cell]) -> str:
    named = [f"{column} in {language(tag).name}" for tag, column in cells]
    return ", ".join(named[:_SHOWN]) + (f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else "")
