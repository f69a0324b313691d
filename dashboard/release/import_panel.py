"""Importing the release from the page: its address, where it may come from, and how far it is."""

import html

import streamlit as st

from dashboard import queries
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome
from dashboard.elements.visible_text import visible
from dashboard.release.started_import import StartedImport, imports
from dashboard.server.visitor_rights import may_fetch
from engine.locations import CLIKA_RELEASE
from engine.runs.launchers.local import command_line

_EVERY = 0.5  # seconds between two looks
_OUTCOME, _SOURCE = "import-said", "import-source"
_LONGEST = 2000  # characters of a folder or an address
_NO_LICENCE = "It has no licence: what you import stays on your machine, and cannot come with the project."


def import_panel() -> None:
    """Draw the release's address, and the form that imports it, or the command where a visitor may not."""
    prose.sentence("The release that holds the single answers:")
    st.code(CLIKA_RELEASE, language=None, wrap_lines=True)
    prose.caption(_NO_LICENCE)
    if not may_fetch():
        prose.sentence("It is imported on the server, by whoever runs it; then reload this page:")
        st.code(command_line(["import", "clika", CLIKA_RELEASE]), language=None, wrap_lines=True)
        return
    say_outcome(_OUTCOME)
    going_on = imports().last
    if going_on is not None:
        _follow(going_on)
    if going_on is None or not going_on.is_alive:
        _form()


def _form() -> None:
    source = (
        st.text_input(
            "From a folder or a git URL", value=CLIKA_RELEASE, max_chars=_LONGEST, key=_SOURCE, autocomplete="off"
        )
        or ""
    )
    st.button(
        "Import it from here",
        on_click=attempt,
        # as it stands in the box when it is pressed: who types and clicks at once is ahead of what was drawn
        args=(_OUTCOME, lambda: imports().start(st.session_state[_SOURCE].strip(), store=queries.folders()[-1])),
        disabled=not source.strip(),
        key="import-start",
    )


def _follow(going_on: StartedImport) -> None:
    """Look again and again; the page is drawn anew when it has ended."""
    was_alive = going_on.is_alive

    def look() -> None:
        if was_alive and not going_on.is_alive:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            if was_alive:
                st.html(_bar(going_on))
                st.button("Cancel", on_click=going_on.process.terminate, key="import-cancel")
            else:
                prose.say(f"{'Not imported' if going_on.has_failed else 'Imported'}: {going_on.said()}")
                st.button("Close", on_click=imports().forget, key="import-close")

    st.fragment(look, run_every=_EVERY if was_alive else None)()


def _bar(going_on: StartedImport) -> str:
    """How far it is, as safe HTML."""
    progress = going_on.progress
    if progress is None:
        words, value = f"Fetching {going_on.source} …", ""
    elif progress.done < progress.total:
        words = f"{progress.done:,} of {progress.total:,} files read"
        value = f' value="{progress.done}" max="{progress.total}"'
    else:
        words, value = "All files are read; the store is being written …", ""
    return (
        f'<div class="iso-run"><progress class="iso-bar"{value} aria-label="{html.escape(words)}"></progress>'
        f'<p class="caption" role="status" dir="auto">{visible(words, longest=300)}</p></div>'
    )
