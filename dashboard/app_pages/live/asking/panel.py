"""The button, and what comes back: filled in as the languages come, without running the rest of the page again."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import probe_client as live_service
from dashboard import queries
from dashboard.app_pages.live.answers import report as live_report
from dashboard.app_pages.live.asking import list_panel
from dashboard.app_pages.live.asking.fold import ASKING, fold, unfold
from dashboard.app_pages.live.asking.inquiry import Inquiry, answer_sheet, new_inquiry
from dashboard.app_pages.live.asking.progress import INQUIRY, Slots, catch_up, end, estimate, follow
from dashboard.app_pages.live.asking.real_model import offer_real_model
from dashboard.app_pages.live.asking.settings import Choice, choose, choose_wanted, say_states, say_who_is_asked_instead
from dashboard.app_pages.live.saved.actions import actions
from dashboard.app_pages.live.saved.link import point_at, pointed_at
from dashboard.app_pages.live.saved.list import draw_list
from dashboard.app_pages.live.saved.saved_probes import saved_sheet
from dashboard.app_pages.live.typing.draft import TypedFact, TypedList
from dashboard.elements import prose
from dashboard.elements.figures import counted
from dashboard.model_catalogue.watched_listing import Listing, listing
from dashboard.probe_client import Service
from engine.errors import IsoglossError
from engine.live.protocol.fact_text import FactText

_EVERY = 1.0  # seconds between two looks at a service that is not there, or a model that is being loaded
_PRELOADED = "live-preloaded"


def results(typed: TypedFact | TypedList | None) -> None:
    """Draw all below the typing: how to ask, the button, the answers, and the list of saved probes."""
    st.fragment(_draw, key="live-results")(typed)


def _draw(typed: TypedFact | TypedList | None) -> None:
    can_be_had = listing(queries.folders()[-1])  # before the service's models: a change draws them anew
    service = live_service.service()
    choice = None
    if service is None:
        _wait_for(live_service.is_there)
    elif not service.models:
        prose.say("No model may be asked: the project's own are not there, and models.toml names none.")
    else:
        with st.container(key=ASKING):
            wanted, above = choose_wanted(service), st.container()
            choice = choose(service, _one_of(typed))
            with above:
                say_who_is_asked_instead(service, wanted, choice)
            _button(_with_a_model(service, choice), typed, choice, can_be_had)
    list_panel.show()
    if not isinstance(typed, TypedList):
        _show(service, choice)
    draw_list()


def _one_of(typed: TypedFact | TypedList | None) -> FactText | None:
    """A fact by which the ways of asking are offered: of a list one with options, where there is any."""
    if isinstance(typed, TypedList):
        return max((one.fact for one in typed.facts), key=lambda fact: fact.has_options)
    return typed.fact if typed is not None else None


def _with_a_model(service: Service, choice: Choice) -> Service:
    """Where no model is loaded at all, begin to load the chosen one, so that it is there when the fact is typed."""
    if any(model.state in ("ready", "starting") for model in service.models):
        return service
    if st.session_state.get(_PRELOADED) == choice.models[0]:
        return service
    st.session_state[_PRELOADED] = choice.models[0]
    try:
        service.client.load(choice.models[0])
        return replace(service, models=service.client.models())
    except IsoglossError as error:
        prose.say(str(error))
        return service


def _button(service: Service, typed: TypedFact | TypedList | None, choice: Choice, can_be_had: Listing) -> None:
    label = f"Ask {counted(len(typed.facts), 'fact')}" if isinstance(typed, TypedList) else "Probe"
    wanted = _inquiry(typed, choice) if isinstance(typed, TypedFact) else None
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(label, type="primary", disabled=typed is None, shortcut="Ctrl+Enter", key="live-probe")
        chosen = [model for model in service.models if model.name in choice.models]
        with st.container(gap=None):
            say_states(chosen)
            if wanted is not None and (words := estimate(wanted, service)):
                prose.caption(words)
        if live_service.address_file().parent == queries.folders()[-1]:  # else what is got here is not there
            offer_real_model(can_be_had, queries.folders()[-1])
    if any(model.state in ("starting", "unloading") for model in chosen):
        before = [model.state for model in service.models]
        _wait_for(lambda: [model.state for model in service.client.models()] != before)
    if pressed and isinstance(typed, TypedList):
        list_panel.start(typed, choice)
    elif pressed and wanted is not None:
        _start(wanted)


def _inquiry(typed: TypedFact, choice: Choice) -> Inquiry:
    ways = choice.ways(typed.fact, has_forms=typed.embedded is not None)
    return new_inquiry(live_service.user(), typed.fact, typed.title, models=choice.models, ways=ways)


def _start(inquiry: Inquiry) -> None:
    """Begin an inquiry; the one before is given up."""
    if (before := st.session_state.get(INQUIRY)) is not None:
        end(before)
    st.session_state[INQUIRY] = inquiry
    point_at(())


def show_form() -> None:
    """Have the form shown beside what is shown now: a link brings a fact into it."""
    current, saved_ids = _shown()
    unfold(current.id if current is not None else ",".join(saved_ids))


def _shown() -> tuple[Inquiry | None, tuple[str, ...]]:
    """What this visitor asked last, or else the saved probes that the link names."""
    current: Inquiry | None = st.session_state.get(INQUIRY)
    saved_ids = pointed_at()
    if current is not None and (current.saved_ids == saved_ids if current.is_in_url else not saved_ids):
        return current, ()
    return None, saved_ids


def _show(service: Service | None, choice: Choice | None) -> None:
    current, saved_ids = _shown()
    if current is not None:
        _show_inquiry(service, current)
    elif saved_ids:
        _show_saved(saved_ids, choice)


def _show_inquiry(service: Service | None, current: Inquiry) -> None:
    fold(current.models, current.title, result=current.id)
    slots = Slots()
    if service is not None and not current.is_over:
        catch_up(service.client, current, slots)
    if not current.is_over:
        follow(slots, current)
        return
    sheet = answer_sheet(current)
    slots.settle(sheet)
    with slots.rest:
        live_report.report(sheet)
    if service is not None and not current.is_settled:
        catch_up(service.client, current, slots)
    if not current.is_settled:
        _wait_for(lambda: _is_settled(current))
    elif current.saved_ids and not current.is_in_url:
        current.is_in_url = True
        point_at(current.saved_ids)
    with slots.notes.container():
        _say_notes(current)
    if current.saved_ids:
        with slots.actions.container():
            actions(current.saved_ids, key="asked")


def _show_saved(saved_ids: tuple[str, ...], choice: Choice | None) -> None:
    sheet, problems = saved_sheet(queries.live_version(), saved_ids)
    for problem in problems:
        prose.say(problem)
    if sheet is None:
        return
    with fold([model.name for model in sheet.models], sheet.title, result=",".join(saved_ids)):
        if choice is not None:
            st.button(
                f"Ask {' and '.join(choice.models)}",
                on_click=_start,
                args=(_inquiry(TypedFact(sheet.fact, sheet.title, None), choice),),
                key="live-again",
            )
    slots = Slots()
    if found := queries.contradiction(queries.version(), sheet.fact.model_dump()):
        with slots.notes.container():
            prose.caption(found.sentence)
    slots.settle(sheet)
    with slots.actions.container():
        actions(sheet.saved_ids, key="kept")
    with slots.rest:
        live_report.report(sheet)


def _say_notes(current: Inquiry) -> None:
    """What went wrong, with the way to ask again; and what is not kept."""
    notes = dict.fromkeys(f"{part.model}: {part.note}" for part in current.parts if part.note and part.state != "done")
    for note in notes:
        prose.say(note)
    if notes:
        st.button("Probe again", on_click=_again, args=(current,), key="live-probe-again")
    statuses = [part.status for part in current.parts if part.status is not None]
    for problem in dict.fromkeys(status.save_problem for status in statuses if status.save_problem):
        prose.say(f"It could not be kept: {problem}")


def _is_settled(current: Inquiry) -> bool:
    """Look again; True when all of it is saved by now."""
    current.step(live_service.client())
    return current.is_settled


def _again(before: Inquiry) -> None:
    parts = [replace(part, status=None, problem=None, retry_at=0.0) for part in before.parts]
    st.session_state[INQUIRY] = Inquiry(before.user, before.fact, before.title, parts)
    point_at(())


def _wait_for(has_changed: Callable[[], bool]) -> None:
    """Look every second, and draw the page again when something has changed."""

    def look() -> None:
        try:
            changed = has_changed()
        except IsoglossError:
            changed = False
        if changed:
            st.rerun()

    st.fragment(look, run_every=_EVERY)()
