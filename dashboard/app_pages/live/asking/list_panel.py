"""A list of facts that is being asked: how far it is, a way to end it, and what became of it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import page_registry, queries
from dashboard import probe_client as live_service
from dashboard.app_pages.live.asking.inquiry import InquiryPart, new_inquiry
from dashboard.app_pages.live.asking.list_inquiry import ListInquiry
from dashboard.app_pages.live.asking.settings import Choice
from dashboard.app_pages.live.typing.draft import TypedList
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome
from dashboard.elements.figures import counted
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.live.saved.dataset_name import check_free

_LIST = "live-list"  # the list that this visitor asks
_OUTCOME = "live-list-said"
_EVERY = 0.5  # seconds between two looks
_AT_ONCE = 0.4  # seconds that a look asks on
_SHOWN = 5  # facts that were not asked, in full


def start(typed: TypedList, choice: Choice) -> None:
    """Begin to ask a list; what came of it before stays kept. Says why, where its dataset cannot be made."""
    attempt(_OUTCOME, lambda: _start(typed, choice))


def _start(typed: TypedList, choice: Choice) -> None:
    check_free(queries.folders()[-1], typed.dataset)
    if (before := _current()) is not None and not before.is_over:
        _cancel(before)
    user = live_service.user()
    st.session_state[_LIST] = ListInquiry(
        [
            new_inquiry(user, one.fact, one.title, models=choice.models, ways=choice.ways(one.fact, has_forms=False))
            for one in typed.facts
        ],
        typed.dataset,
    )


def show() -> None:
    """Draw the list that is being asked, or what became of the last one."""
    say_outcome(_OUTCOME)
    current = _current()
    if current is None:
        return
    if current.is_over:
        _say_what_came(current)
    else:
        st.fragment(_look, run_every=_EVERY)(current)


def _look(current: ListInquiry) -> None:
    try:
        current.step(live_service.client(), seconds=_AT_ONCE)
    except IsoglossError as error:  # no service: nothing more is heard of any
        for inquiry in current.inquiries:
            inquiry.give_up(str(error))
        current.problem = str(error)
    if current.is_over:
        st.rerun()
    n = len(current.inquiries)
    under_way = next((inquiry.title for inquiry in current.inquiries if not inquiry.is_settled), "")
    words = f"{current.n_done} of {counted(n, 'fact')} asked. {f'Now: {under_way}' if under_way else 'Being kept …'}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="iso-live-progress"><progress value="{current.n_done}" max="{n}" '
            f'aria-label="{current.n_done} of {n} facts"></progress>'
            f'<p class="caption" role="status" dir="auto">{visible(words)}</p></div>'
        )
        st.button("Cancel", on_click=_cancel, args=(current,), key="live-list-cancel")
    prose.caption("Stay on this page until it is done. What is asked is kept, also when you cancel.")


def _say_what_came(current: ListInquiry) -> None:
    n, left = len(current.inquiries), current.not_asked
    asked = n - len(left)
    when = " before it was cancelled" if current.is_cancelled else ""
    made = current.promoted
    kept = f": the dataset {made.dataset} has them, with {counted(made.answers, 'answer')}" if made else ""
    prose.say(f"Asked {asked} of {counted(n, 'fact')}{when}{kept}.")
    if made:
        page_registry.link("facts", "Open its facts", {"dataset": made.dataset})
    if current.problem:
        prose.say(f"They could not be made a dataset: {current.problem}. They are among the kept probes below.")
        st.button("Try again", on_click=current.try_again, key="live-list-again")
    if left:
        reasons = [f"{inquiry.title} ({_reason(inquiry.parts)})" for inquiry in left[:_SHOWN]]
        more = f"; and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        prose.say(f"Not asked: {'; '.join(reasons)}{more}.")


def _reason(parts: Sequence[InquiryPart]) -> str:
    notes = (part.note or (part.status.save_problem if part.status is not None else None) for part in parts)
    return next(filter(None, notes), "no answer").rstrip(".")


def _cancel(current: ListInquiry) -> None:
    try:
        current.cancel(live_service.client())
    except IsoglossError as error:
        for inquiry in current.inquiries:
            inquiry.give_up(str(error))


def _current() -> ListInquiry | None:
    found = st.session_state.get(_LIST)
    return found if isinstance(found, ListInquiry) else None
