"""The button that has the empty cells translated, or says how to get a model that can."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import probe_client as live_service
from dashboard import queries
from dashboard.app_pages.live.typing.draft import Cell, Draft
from dashboard.app_pages.live.typing.language_controls import label
from dashboard.app_pages.live.typing.translation_task import TableTranslation, wanted
from dashboard.elements import prose
from engine.configured_models import ALLOWED
from engine.errors import IsoglossError

_EXAMPLE = '[translation]\nmodel = "/models/nllb-200-distilled-600M"'
_EVERY = 0.5  # seconds between two looks at the work
_LOOK_AGAIN = 15  # seconds after which the service is asked anew what it translates


def translate_panel(draft: Draft, languages: Sequence[str], *, key: str, as_asked: Draft | None = None) -> None:
    """Draw the button. `as_asked`: the draft as it is asked, where its cells hold more. `key` tells tables apart."""
    try:
        known = _languages(_stamp())
    except IsoglossError as error:
        prose.say(f"Nothing can be translated now: {error}.")
        return
    if known is None:
        _say_how_to_get_one()
        return
    sources = [tag for tag in languages if draft.begun_in([tag])]
    if not sources:
        prose.sentence("Type the fact in one language first; then its other rows can be translated.")
        return
    default = max(sources, key=lambda tag: sum(bool(draft.text(tag, column)) for column in draft.columns))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox(
            "Translate from", sources, index=sources.index(default), key=f"translate-from-{key}", format_func=label,
            width=220,
        )  # fmt: skip
        texts = wanted(draft, as_asked or draft, source, [tag for tag in languages if tag in known])
        into = f"{len(texts)} language{'' if len(texts) == 1 else 's'}"
        st.button(
            f"Translate the empty cells ({into})",
            key=f"translate-{key}",
            disabled=not texts or source not in known or _work(key) is not None,
            on_click=_begin,
            args=(key, source, texts),
        )
    unknown = [label(tag) for tag in languages if tag not in known]
    if unknown:
        prose.caption(f"The translation model does not know: {', '.join(unknown)}.")


def translation_progress(draft: Draft, *, key: str, take: Callable[[Mapping[Cell, str]], None]) -> None:
    """Draw how far the translation is; when it is over, its texts for cells that are still empty are taken."""
    work = _work(key)
    if work is None:
        return
    if work.is_over:
        st.session_state.pop(f"translation-{key}")
        if work.problem:
            st.session_state[f"translation-problem-{key}"] = work.problem
        if empty := {cell: text for cell, text in work.cells().items() if not draft.text(*cell)}:
            take(empty)
        st.rerun()
    _look(key)


def say_what_failed(*, key: str) -> None:
    """Say, once, why a translation ended early."""
    if problem := st.session_state.pop(f"translation-problem-{key}", None):
        prose.say(f"Not everything was translated: {problem}. What is there was kept; press the button for the rest.")


def confirm_button(draft: Draft, *, key: str, confirm: Callable[[], None]) -> None:
    """Draw a button by which the user confirms the machine's words; none where there are none."""
    if draft.machine:
        words = f"{len(draft.machine)} machine-made text{'' if len(draft.machine) == 1 else 's'}"
        st.button(f"Confirm {words}", key=f"confirm-{key}", on_click=confirm)


@st.fragment(run_every=_EVERY)
def _look(key: str) -> None:
    work = _work(key)
    if work is None or work.is_over:
        st.rerun()
        return
    n_done, n = work.done
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(n_done / n, text=f"Translating: {n_done} of {n} languages")
        st.button("Stop", key=f"stop-translation-{key}", on_click=work.stop)


def _work(key: str) -> TableTranslation | None:
    found = st.session_state.get(f"translation-{key}")
    return found if isinstance(found, TableTranslation) else None


def _begin(key: str, source: str, texts: dict[str, dict[str, str]]) -> None:
    try:
        client = live_service.client()
    except IsoglossError as error:
        st.session_state[f"translation-problem-{key}"] = str(error)
        return

    def translate(texts: list[str], source: str, target: str) -> list[str]:
        return client.translate(texts, source=source, target=target)

    st.session_state[f"translation-{key}"] = TableTranslation(translate, source, texts)


def _stamp() -> int:
    """Changes when another service takes the place of the one before."""
    file = live_service.address_file()
    return file.stat().st_mtime_ns if file.exists() else 0


@st.cache_data(ttl=_LOOK_AGAIN, max_entries=4, show_spinner=False)
def _languages(stamp: int) -> list[str] | None:
    tags = live_service.client().languages()
    return None if tags is None else list(tags)


def _say_how_to_get_one() -> None:
    store = queries.folders()[-1]
    prose.sentence(
        "No translation model is configured. Any translation model of transformers can be used, such as NLLB-200, from "
        f"a folder on this machine: name it in {store / ALLOWED}; docs/models.md says how to get one."
    )
    st.code(_EXAMPLE, language=None)
