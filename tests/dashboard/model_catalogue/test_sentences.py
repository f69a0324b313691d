"""A model in words, each worked out by hand."""

from dataclasses import replace

import pytest

from dashboard.model_catalogue.sentences import (
    get_command,
    languages_in_words,
    model_line,
    offer,
    progress_bar,
    so_far,
    state_in_words,
)
from engine.model_catalogue.catalogue import find_in_catalogue
from engine.model_catalogue.listing import ListedModel, Presence
from engine.model_catalogue.status import DownloadState, DownloadStatus

GEMMA, LLAMA = find_in_catalogue("gemma-3-270m"), find_in_catalogue("llama-3.2-1b")
WHOLE, PIECE = 253_113_024, 63_963_136


def listed(presence: Presence, *, done: int | None = None, state: DownloadState = "stopped") -> ListedModel:
    status = None if done is None else DownloadStatus(name=GEMMA.name, state=state, done=done, total=WHOLE)
    return ListedModel(name=GEMMA.name, presence=presence, origin="packages", bytes=WHOLE, model=GEMMA, status=status)


LLAMA_LISTED = ListedModel(name=LLAMA.name, presence="can be had", origin="hub", bytes=None, model=LLAMA)


def test_a_button_says_what_is_still_to_come() -> None:
    assert offer(listed("can be had")) == "Get Gemma 3 270M (253 MB)"
    assert offer(listed("half there", done=PIECE)) == "Get the rest of Gemma 3 270M (189 MB)"  # 253.1 - 64.0
    assert offer(LLAMA_LISTED) == "Get Llama 3.2 1B (1.23 B parameters)"


def test_the_state() -> None:
    assert state_in_words(listed("here")) == "here"
    assert state_in_words(listed("can be had", done=0)) == "can be had"
    assert state_in_words(listed("half there", done=PIECE)) == "half there: 64 of 253 MB"
    assert state_in_words(listed("being got", done=PIECE, state="getting")) == "being got: 64 of 253 MB"
    assert state_in_words(LLAMA_LISTED) == "can be had; its terms are accepted on the hub"


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(900_000, WHOLE, "900 kB of 253 MB"), (0, WHOLE, "0 bytes of 253 MB"), (2_500_000_000, None, "2.5 GB so far")],
)
def test_how_much_is_here(done: int, total: int | None, words: str) -> None:
    assert so_far(DownloadStatus(name="m", state="getting", done=done, total=total)) == words


def test_a_line_links_the_licence_and_keeps_names_text() -> None:
    line = model_line(listed("can be had"))
    assert (
        '<a class="iso-licence" href="https://ai.google.dev/gemma/terms" target="_blank">Gemma Terms of Use</a>' in line
    )
    assert "more than 140 languages · can be had" in line
    own = ListedModel(name="<b>own</b>", presence="here", origin="/models/own", bytes=None, model=None)
    assert "&lt;b&gt;own&lt;/b&gt;" in model_line(own)
    assert "Apache" not in model_line(own)  # whose licence nobody said
    assert "Apache-2.0" in model_line(replace(own, origin="embedded"))


def test_a_bar_has_a_value_only_where_it_is_known() -> None:
    status = DownloadStatus(name="m", state="getting", done=PIECE, total=WHOLE)
    assert f'value="{PIECE}" max="{WHOLE}" aria-label="Getting Gemma: 64 of 253 MB"' in progress_bar("Gemma", status)
    for unknown in (None, replace(status, total=None), replace(status, state="checking")):
        assert "value=" not in progress_bar("Gemma", unknown)
    assert "is being checked" in progress_bar("Gemma", replace(status, state="checking"))


def test_the_command_accepts_terms_where_there_are_some() -> None:
    assert get_command(GEMMA) == ".venv/bin/python -m engine models get gemma-3-270m --accept-terms"
    assert get_command(LLAMA) == ".venv/bin/python -m engine models get llama-3.2-1b"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, ""),
        ("he", "Hebrew"),
        ("zh en de", "Chinese, English, German"),
        ("en de fr it pl", "5 languages"),
        ("more than 140 languages", "more than 140 languages"),
    ],
)
def test_languages(told: str | None, words: str) -> None:
    assert languages_in_words(told) == words
