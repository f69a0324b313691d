"""An inquiry under way: its bars as they fill, how far it is, and a way to end it."""

import time

import streamlit as st

from dashboard import probe_client as live_service
from dashboard.app_pages.live.answers import report as live_report
from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet
from dashboard.app_pages.live.answers.language_cards import language_cards
from dashboard.app_pages.live.asking.estimate import about, expected_seconds
from dashboard.app_pages.live.asking.inquiry import Inquiry, InquiryPart, answer_sheet
from dashboard.elements.figures import counted, duration
from dashboard.elements.visible_text import visible
from dashboard.probe_client import Service
from engine.errors import IsoglossError
from engine.live.client import LiveClient

INQUIRY = "live-inquiry"  # of this visitor, the last one
_AT_ONCE = 1.0  # seconds in which a quick probe is waited for, in short steps that give way to anything else
_STEP = 0.04  # seconds that the script waits for news at a time
_DRAWINGS = 0.12  # seconds between two drawings of a quick probe: the model needs the processor as well
_EVERY = 0.2  # seconds between two looks at a slow probe


class Slots:
    """The places of a result, from the top: notes, what came out, what can be done with it, the cards, the rest."""

    def __init__(self) -> None:
        self.notes, self.words, self.actions, self.cards = st.empty(), st.empty(), st.empty(), st.empty()
        self.rest = st.container()

    def settle(self, sheet: AnswerSheet) -> None:
        """Draw the sentences and the cards of answers that are all there."""
        live_report.sentences(self.words.container(), sheet)
        self.cards.html(language_cards(sheet))


def catch_up(client: LiveClient, inquiry: Inquiry, slots: Slots) -> None:
    """Fill the bars of a quick probe in the same run of the script; gives up where it takes longer."""
    deadline, next_drawing = time.monotonic() + _AT_ONCE, 0.0
    aim = "is_settled" if inquiry.is_over else "is_over"
    while not getattr(inquiry, aim):
        _step(client, inquiry, wait=_STEP)
        if not inquiry.is_over and time.monotonic() > next_drawing:
            slots.cards.html(language_cards(answer_sheet(inquiry)))
            next_drawing = time.monotonic() + _DRAWINGS
        if time.monotonic() > deadline or all(part.status is None for part in inquiry.parts):
            return


def follow(slots: Slots, inquiry: Inquiry) -> None:
    """Look again and again at a slow probe; the rest of the page is drawn again when it is over."""

    def look() -> None:
        try:
            _step(live_service.client(), inquiry, wait=0.0)
        except IsoglossError as error:
            inquiry.give_up(str(error))
        sheet = answer_sheet(inquiry)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(progress(inquiry))
            st.button("Cancel", on_click=end, args=(inquiry,), key="live-cancel")
        if inquiry.has_picture:
            live_report.sentences(st.container(), sheet)
        st.html(language_cards(sheet))
        if inquiry.is_over:
            st.rerun()

    with slots.cards.container():
        st.fragment(look, run_every=_EVERY)()


def end(inquiry: Inquiry) -> None:
    """End the inquiry, and give up what the service does not end."""
    try:
        inquiry.cancel(live_service.client())
    except IsoglossError as error:
        inquiry.give_up(str(error))


def estimate(inquiry: Inquiry, service: Service) -> str:
    """How long it will take, in words; "" where the pace of a model is not known yet."""
    seconds = expected_seconds(inquiry.left, {model.name: model for model in service.models})
    if seconds is None:
        return ""
    models, ways = len(inquiry.models), len({part.way.title for part in inquiry.parts})
    told = (counted(models, "model"), f"{ways} {'way' if ways == 1 else 'ways'} of asking")
    return f"{about(seconds).capitalize()}: {', '.join(told)}, {counted(len(inquiry.fact.texts), 'language')}."


def progress(inquiry: Inquiry) -> str:
    """How far it is, as safe HTML: a bar, and a line on what it waits for."""
    n = len(inquiry.fact.texts)
    total, done = n * len(inquiry.parts), sum(n if part.is_over else part.n_answers for part in inquiry.parts)
    waits = next((part for part in inquiry.parts if not part.is_over), inquiry.parts[-1])
    seconds = expected_seconds(inquiry.left, inquiry.listed)
    left = f", {about(seconds)} left" if seconds else ""
    return (
        f'<div class="iso-live-progress"><progress value="{done}" max="{total}" '
        f'aria-label="{done} of {total} answers"></progress>'
        f'<p class="caption" role="status" dir="auto">{visible(f"{done} of {total} answers{left}. {words(waits)}")}</p>'
        "</div>"
    )


def words(part: InquiryPart) -> str:
    """What a part of it waits for."""
    note = f"{part.note} " if part.note else ""
    if part.state == "pending":
        return f"{note}{part.model} is being made ready; loading takes some seconds."
    if part.state != "waiting":
        return f"{note}{part.model} is being asked{'' if part.way.role == 'main' else f': {part.way.title}'}."
    before = part.status.position or 0 if part.status is not None else 0
    wait = part.status.expected_seconds if part.status is not None else None
    places = "Next in the queue" if before == 0 else f"{before} in the queue before you"
    return f"{note}{places}" + (f", about {duration(max(wait, 1.0))} to wait." if wait is not None else ".")


def _step(client: LiveClient, inquiry: Inquiry, *, wait: float) -> None:
    """A step that does not fail: where the service is gone, what is under way is given up."""
    try:
        inquiry.step(client, wait=wait)
    except IsoglossError as error:
        inquiry.give_up(str(error))
