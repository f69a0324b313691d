"""The button, and what comes back: filled in as the languages come, without running the rest of the page again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import probe_client as live_service
from dashboard import queries
from dashboard.app_pages.live.answers import report as live_report
from dashboard.app_pages.live.asking.inquiry import Asked, asked, of_asked
from dashboard.app_pages.live.asking.progress import ASKED, Slots, catch_up, end, follow
from dashboard.app_pages.live.asking.settings import Choice, choose, say_states
from dashboard.app_pages.live.saved.actions import KEPT, actions
from dashboard.app_pages.live.saved.list import shelf
from dashboard.app_pages.live.saved.saved_probes import kept_of_fact, kept_shown
from dashboard.app_pages.live.typing.draft import TypedFact
from dashboard.choices import url_state
from dashboard.elements import prose
from dashboard.probe_client import Service
from engine.errors import IsoglossError

_EVERY = 1.0  # seconds between two looks at a service that is not there, or a model that is being loaded
_PRELOADED = "live-preloaded"


def results(typed: TypedFact | None) -> None:
    """All below the typing: how to ask, the button, what came back, and what is kept."""
    st.fragment(_draw, key="live-results")(typed)


def follow_link() -> None:
    """Which kept probes the link names: by their ids, or all of a fact."""
    fact = st.query_params.get("fact")
    names_live = st.query_params.get("dataset") == queries.LIVE and KEPT not in st.query_params
    if fact and names_live and (found := kept_of_fact(queries.live_version(), fact)):
        st.query_params[KEPT] = ",".join(found)
        del st.query_params["fact"]
    nothing: tuple[str, ...] = ()
    kept = url_state.seed(KEPT, lambda text: tuple(filter(None, text.split(","))), nothing, what="kept probes")
    url_state.publish(KEPT, kept, ",".join(kept))


def _draw(typed: TypedFact | None) -> None:
    service = live_service.service()
    choice = None
    if service is None:
        _wait_for(live_service.is_there)
    elif not service.models:
        prose.say("No model may be asked: the project's own are not there, and models.toml names none.")
    else:
        choice = choose(service, typed.fact if typed is not None else None)
        _button(_with_a_model(service, choice), typed, choice)
    _show(service, choice)
    shelf()


def _with_a_model(service: Service, choice: Choice) -> Service:
    """Where no model is loaded at all, begin to load the chosen one, so that it is there when the fact is typed."""
    if any(model.state in ("ready", "starting") for model in service.models):
        return service
    if st.session_state.get(_PRELOADED) == choice.models[0]:
        return service
    st.session_state[_PRELOADED] = choice.models[0]
    try:
        service.client.load(choice.models[0])
        return replace(service, models=live_service.models(service.client))
    except IsoglossError as error:
        prose.say(str(error))
        return service


def _button(service: Service, typed: TypedFact | None, choice: Choice) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Probe", type="primary", disabled=typed is None, shortcut="Ctrl+Enter", key="live-probe")
        chosen = [model for model in service.models if model.name in choice.models]
        with st.container():
            say_states(chosen)
    if any(model.state in ("starting", "unloading") for model in chosen):
        before = [model.state for model in service.models]
        _wait_for(lambda: [model.state for model in live_service.models(service.client)] != before)
    if pressed and typed is not None:
        _start(typed.fact, typed.title, choice, has_forms=typed.embedded is not None)


def _start(fact: Mapping[str, Any], title: str, choice: Choice, *, has_forms: bool) -> None:
    """Ask; what was under way before is given up."""
    if (before := st.session_state.get(ASKED)) is not None:
        end(before)
    ways = choice.ways(fact, has_forms=has_forms)
    st.session_state[ASKED] = asked(live_service.user(), fact, title, models=choice.models, ways=ways)
    _point_at(())


def _show(service: Service | None, choice: Choice | None) -> None:
    """What this visitor asked last, or what the link names."""
    current: Asked | None = st.session_state.get(ASKED)
    kept: tuple[str, ...] = tuple(st.session_state.get(KEPT, ()))
    if current is not None and (current.kept == kept if current.is_in_url else not kept):
        _show_asked(service, current)
    elif kept:
        _show_kept(kept, choice)


def _show_asked(service: Service | None, current: Asked) -> None:
    slots = Slots()
    if service is not None and not current.is_over:
        catch_up(service.client, current, slots)
    if not current.is_over:
        follow(slots, current)
        return
    shown = of_asked(current)
    slots.settle(shown)
    with slots.rest:
        live_report.report(shown)
    if service is not None and not current.is_settled:
        catch_up(service.client, current, slots)
    if not current.is_settled:
        _wait_for(lambda: _is_settled(current))
    elif current.kept and not current.is_in_url:
        current.is_in_url = True
        _point_at(current.kept)
    with slots.head.container():
        _say_notes(current)
        prose.heading(current.title)
        if current.kept:
            actions(current.kept, key="asked")


def _show_kept(kept: tuple[str, ...], choice: Choice | None) -> None:
    shown, problems = kept_shown(queries.live_version(), kept)
    for problem in problems:
        prose.say(problem)
    if shown is None:
        return
    slots = Slots()
    with slots.head.container():
        prose.heading(shown.title)
        if found := queries.contradiction(queries.version(), shown.fact):
            prose.caption(found.sentence)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if choice is not None:
                st.button(
                    f"Ask {' and '.join(choice.models)}",
                    on_click=_start,
                    args=(shown.fact, shown.title, choice),
                    kwargs={"has_forms": False},
                    key="live-again",
                )
            actions(shown.kept, key="kept")
    slots.settle(shown)
    with slots.rest:
        live_report.report(shown)


def _say_notes(current: Asked) -> None:
    """What went wrong, with the way to ask again; and what is not kept."""
    notes = dict.fromkeys(f"{part.model}: {part.note}" for part in current.parts if part.note and part.state != "done")
    for note in notes:
        prose.say(note)
    if notes:
        st.button("Probe again", on_click=_again, args=(current,), key="live-probe-again")
    for problem in dict.fromkeys(part.said.get("keep_problem") for part in current.parts):
        if problem:
            prose.say(f"It could not be kept: {problem}")


def _is_settled(current: Asked) -> bool:
    """Whether it is kept by now."""
    current.step(live_service.client())
    return current.is_settled


def _again(before: Asked) -> None:
    parts = [replace(part, said={}, problem=None, retry_at=0.0) for part in before.parts]
    st.session_state[ASKED] = Asked(before.user, before.fact, before.title, parts)
    _point_at(())


def _point_at(kept: tuple[str, ...]) -> None:
    st.session_state[KEPT] = kept
    url_state.publish(KEPT, kept, ",".join(kept))


def _wait_for(has_changed: Any) -> None:
    """Look every second, and draw the page again when something has changed."""

    def look() -> None:
        try:
            changed = has_changed()
        except IsoglossError:
            changed = False
        if changed:
            st.rerun()

    st.fragment(look, run_every=_EVERY)()
