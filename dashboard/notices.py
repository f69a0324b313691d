"""What a user must know before reading figures: files left out, names in the URL that mean nothing, an empty store."""

import streamlit as st

from dashboard import queries, sentences, url
from dashboard.selection import Selection
from dashboard.visible_text import visible
from engine.languages import language

IMPORT_COMMAND = ".venv/bin/python -m engine import clika SOURCE"
_SHOWN = 5  # bad files named; the rest are counted


def left_out(selection: Selection | None) -> None:
    """Name the files and answers that had to be left out of the figures."""
    versions = dict.fromkeys([queries.version(), *([selection.version] if selection else [])])
    found = [problem for version in versions for problem in queries.problems(version)]
    if found:
        things = f"{len(found)} thing{'s' if len(found) > 1 else ''}"
        with st.expander(f"⚠ Left out of the figures: {things}", expanded=True):
            for problem in found[:_SHOWN]:
                say(f"{problem.file}: {problem.reason}")
            if len(found) > _SHOWN:
                say(f"… and {len(found) - _SHOWN} more. `python -m engine check` lists them all.")


def is_enough(selection: Selection | None, *, languages: int) -> bool:
    """Whether there is enough to show, in so many languages at least; says what is missing where there is not."""
    if selection is None:
        st.title("Nothing to show yet")
        say("The store holds no results. Bring some, then reload this page:")
        st.code(IMPORT_COMMAND, language="bash")
        return False
    if len(selection.languages) < languages:
        say(f"Choose at least {'two languages' if languages > 1 else 'one language'} in the sidebar.")
        return False
    return True


def unknown_names() -> None:
    """Say what the link names that does not exist; asked when the page has read all of the URL."""
    for name in url.unknown():
        say(f"The link names {name}, which does not exist here. What is shown instead stands in the controls.")


def nothing_to_compare(selection: Selection, *, languages: int) -> bool:
    """Whether the model was measured in fewer of the chosen languages than it takes; says so, and what to do."""
    if len(set(selection.measured) & set(selection.languages)) >= languages:
        return False
    say(sentences.unmeasured(selection.own_name, selection.what, [language(tag).name for tag in selection.measured]))
    return True


def say(text: str) -> None:
    """A plain sentence in a box. The text may quote data, so nothing in it is read as Markdown or HTML."""
    st.html(f'<p role="status" class="notice" dir="auto">{visible(text)}</p>')


def facts_are_missing(selection: Selection) -> None:
    """Say why there are no facts to list, and the one command that brings them."""
    say(
        f"The single answers of {selection.own_name} to {selection.what} are not in your store: "
        "only published counts are. To read the facts behind the cells, import the release "
        "(a folder that holds it, or its git URL), then reload this page:"
    )
    st.code(IMPORT_COMMAND, language="bash")


def sentence(text: str) -> None:
    """A plain paragraph; nothing in it is read as Markdown or HTML."""
    st.html(f'<p class="sentence" dir="auto">{visible(text)}</p>')


def heading(text: str) -> None:
    """The title of a part of a page, where it may quote data."""
    st.html(f'<p class="sentence" dir="auto"><strong>{visible(text)}</strong></p>')


def caption(text: str) -> None:
    """Small print, where it may quote data: st.caption would read it as Markdown."""
    st.html(f'<p class="caption" dir="auto">{visible(text)}</p>')


def definitions(terms: dict[str, str]) -> None:
    """Terms and what they mean, as a description list of plain text."""
    rows = "".join(f"<dt>{visible(term)}</dt><dd>{visible(text)}</dd>" for term, text in terms.items())
    st.html(f'<dl class="definitions">{rows}</dl>')
