"""What a user must know before reading figures: files left out, names in the URL that mean nothing, an empty store."""

import streamlit as st

from dashboard import queries
from dashboard.choices import url_state
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.sentences import unmeasured
from engine.languages import language
from engine.locations import CLIKA_RELEASE
from engine.runs.launchers.local import command_line

IMPORT_COMMAND = command_line(["import", "clika", CLIKA_RELEASE])
_SHOWN = 5  # bad files named; the rest are counted


def left_out(selection: Selection | None) -> None:
    """Name the files and answers that had to be left out of the figures."""
    versions = dict.fromkeys([queries.version(), *([selection.version] if selection else [])])
    found = [problem for version in versions for problem in queries.problems(version)]
    if found:
        things = f"{len(found)} thing{'s' if len(found) > 1 else ''}"
        with st.expander(f"⚠ Left out of the figures: {things}", expanded=True):
            for problem in found[:_SHOWN]:
                prose.say(f"{problem.file}: {problem.reason}")
            if len(found) > _SHOWN:
                prose.say(f"… and {len(found) - _SHOWN} more. `python -m engine check` lists them all.")


def is_enough(selection: Selection | None, *, languages: int) -> bool:
    """Whether there is enough to show, in so many languages at least; says what is missing where there is not."""
    if selection is None:
        st.title("Nothing to show yet")
        prose.say("The store holds no results. Bring some, then reload this page:")
        st.code(IMPORT_COMMAND, language="bash")
        return False
    if len(selection.languages) < languages:
        prose.say(f"Choose at least {'two languages' if languages > 1 else 'one language'} in the sidebar.")
        return False
    return True


def unknown_names() -> None:
    """Say what the link names that does not exist; asked when the page has read all of the URL."""
    for name in url_state.unknown():
        prose.say(f"The link names {name}, which does not exist here. What is shown instead stands in the controls.")


def nothing_to_compare(selection: Selection, *, languages: int) -> bool:
    """Whether the model was measured in fewer of the chosen languages than it takes; says so, and what to do."""
    if len(set(selection.measured) & set(selection.languages)) >= languages:
        return False
    prose.say(unmeasured(selection.model_title, selection.what, [language(tag).name for tag in selection.measured]))
    return True
