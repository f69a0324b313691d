"""A probe under way: its bars as they fill, how far it is, and a way to end it."""

import time

import streamlit as st

from dashboard import probe_client as live_service
from dashboard.app_pages.live.answers import report as live_report
from dashboard.app_pages.live.answers.answer_sheet import Shown
from dashboard.app_pages.live.answers.language_cards import language_cards
from dashboard.app_pages.live.asking.inquiry import Asked, Part, of_asked
from dashboard.elements.figures import duration
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.live.client import LiveClient

ASKED = "live-asked"  # what this visitor asked last
_AT_ONCE = 1.0  # seconds in which a quick probe is waited for, in short steps that give way to anything else
_STEP = 0.04  # seconds that the script waits for news at a time
_DRAWINGS = 0.12  # seconds between two drawings of a quick probe: the model needs the processor as well
_EVERY = 0.2  # seconds between two looks at a slow probe


class Slots:
    """The places of a result, from the top: what can be done with it, how far it is, what came out."""

    def __init__(self) -> None:
        self.head, self.words, self.cards, self.rest = st.empty(), st.empty(), st.empty(), st.container()

    def settle(self, shown: Shown) -> None:
        """All answers are there."""
        live_report.sentences(self.words.container(), shown)
        self.cards.html(language_cards(shown))


def catch_up(client: LiveClient, asked: Asked, slots: Slots) -> None:
    """Fill the bars of a quick probe in the same run of the script; gives up where it takes longer."""
    deadline, next_drawing = time.monotonic() + _AT_ONCE, 0.0
    aim = "is_settled" if asked.is_over else "is_over"
    while not getattr(asked, aim):
        _step(client, asked, wait=_STEP)
        if not asked.is_over and time.monotonic() > next_drawing:
            slots.cards.html(language_cards(of_asked(asked)))
            next_drawing = time.monotonic() + _DRAWINGS
        if time.monotonic() > deadline or all(not part.said for part in asked.parts):
            return


def follow(slots: Slots, asked: Asked) -> None:
    """Look again and again at a slow probe; the rest of the page is drawn again when it is over."""

    def look() -> None:
        try:
            _step(live_service.client(), asked, wait=0.0)
        except IsoglossError as error:
            asked.give_up(str(error))
        if asked.is_over:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(progress(asked))
            st.button("Cancel", on_click=end, args=(asked,), key="live-cancel")
        st.html(language_cards(of_asked(asked)))

    with slots.cards.container():
        st.fragment(look, run_every=_EVERY)()


def end(asked: Asked) -> None:
    """Give up what is under way."""
    try:
        asked.cancel(live_service.client())
    except IsoglossError as error:
        asked.give_up(str(error))


def progress(asked: Asked) -> str:
    """How far it is, as safe HTML: a bar, and a line on what it waits for."""
    n = len(asked.fact["texts"])
    total, done = n * len(asked.parts), sum(n if part.is_over else _done(part) for part in asked.parts)
    waits = next((part for part in asked.parts if not part.is_over), asked.parts[-1])
    return (
        f'<div class="iso-live-progress"><progress value="{done}" max="{total}" '
        f'aria-label="{done} of {total} answers"></progress>'
        f'<p class="caption" role="status" dir="auto">{visible(f"{done} of {total} answers. {words(waits)}")}</p></div>'
    )


def words(part: Part) -> str:
    """What a part of it waits for."""
    note = f"{part.note} " if part.note else ""
    if part.state == "pending":
        return f"{note}{part.model} is being made ready; loading takes some seconds."
    if part.state != "waiting":
        return f"{note}{part.model} is being asked."
    before, wait = part.said.get("position") or 0, part.said.get("expected_seconds")
    places = "Next in the queue" if before == 0 else f"{before} in the queue before you"
    return f"{note}{places}" + (f", about {duration(max(wait, 1.0))} to wait." if wait is not None else ".")


def _done(part: Part) -> int:
    return len(part.said.get("languages", ()))


def _step(client: LiveClient, asked: Asked, *, wait: float) -> None:
    """A step that does not fail: where the service is gone, what is under way is given up."""
    try:
        asked.step(client, wait=wait)
    except IsoglossError as error:
        asked.give_up(str(error))
