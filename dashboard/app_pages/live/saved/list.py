"""The list of saved probes, a fact and a model a line."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.live.saved.actions import OUTCOME, delete, say_what_happened
from dashboard.app_pages.live.saved.link import point_at
from dashboard.app_pages.live.saved.saved_probes import saved_list, variation
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt
from dashboard.elements.figures import counted
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.live.protocol.messages import SavedSummary
from engine.probes.catalogue import is_written

PAGE_SIZE = 8


def draw_list() -> None:
    """Draw the list, the newest probe first."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Kept probes", width="content")
        if queries.has_live():
            page_registry.link("facts", "As facts", {"dataset": queries.LIVE})
    say_what_happened()
    try:
        groups = grouped(saved_list(queries.live_version()))
    except IsoglossError as error:
        prose.say(str(error))
        return
    if not groups:
        prose.sentence("None yet. What you probe is kept here, with a link to each probe.")
        return
    pages = -(-len(groups) // PAGE_SIZE)
    page = min(int(st.session_state.get("live_page", 1)), pages)
    for group in groups[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        ids = [summary.saved_id for summary in group]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(probe_card(group))
            st.button("Show", on_click=point_at, args=(tuple(ids),), key=f"live-show-{ids[0]}")
            st.button("Delete", on_click=attempt, args=(OUTCOME, partial(delete, ids)), key=f"live-drop-{ids[0]}")
    if pages > 1:
        st.pagination(pages, key="live_page", max_visible_pages=7)


def grouped(probes: Sequence[SavedSummary]) -> list[list[SavedSummary]]:
    """The ways in which a model was asked a fact, together; in the order of the last one."""
    groups: dict[tuple[str, str], list[SavedSummary]] = {}
    for summary in probes:
        groups.setdefault((summary.fact_id, summary.model), []).append(summary)
    return [sorted(group, key=_how_plain) for group in groups.values()]


def probe_card(group: Sequence[SavedSummary]) -> str:
    """A fact and a model in two lines, as safe HTML."""
    first = group[0]
    name = next((summary.name for summary in group if summary.name), "")
    title = visible(name or first.title, longest=160)
    facts = [first.title] if name else []
    facts.append(first.model)
    facts.append(f"{first.probe}, {first.template}" + (f" and {len(group) - 1} more" if len(group) > 1 else ""))
    facts.append(_outcome(first))
    facts.append(first.finished[:16].replace("T", " ") + " UTC")
    spans = "".join(f'<span dir="auto">{visible(fact, longest=160)}</span>' for fact in facts)
    head = f'<p dir="auto"><strong>{title}</strong></p>'
    return f'<div class="iso-card">{head}<div class="iso-answers">{spans}</div></div>'


def _outcome(summary: SavedSummary) -> str:
    """In how many of the languages in which it could be judged it is right."""
    asked, judged = len(summary.languages), summary.n_judged
    if not judged:
        return f"{counted(asked, 'language')}, judged in none"
    rest = f", {asked - judged} not judged" if judged < asked else ""
    return f"right in {summary.n_right} of {counted(judged, 'language')}{rest}"


def _how_plain(summary: SavedSummary) -> tuple[bool, bool, str]:
    """What was asked in the usual way comes first, what was written freely last."""
    return is_written(summary.probe), bool(variation(summary)), summary.started
