"""A run as HTML: what it says in each state, and that no text becomes markup."""

from html.parser import HTMLParser

import pandas as pd
import pytest

from dashboard.app_pages.runs.progress_card import launch_card, run_card
from dashboard.app_pages.runs.runs_table import run_table
from tests.support.run_progress import made_up

HOSTILE = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "</p></div></td><b>out",
    "![x](http://evil.invalid/x.png) $x$ :red[x]",
    "\u202egnp.exe\u2066\u200b\x00\x1b[31m",
]


class Parts(HTMLParser):
    """The elements of a piece of HTML with their attributes, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def only(self, tag: str) -> dict[str, str | None]:
        (attributes,) = [attributes for name, attributes in self.elements if name == tag]
        return attributes


def table_row(**changes: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(
        ["model", "dataset", "probe", "template", "dtype", "device", "weights_sha256", "finished", "run_id"], "x"
    )
    figures: dict[str, object] = {"n_done": 4, "n_expected": 4, "n_failed": 1, "seconds": 90, "answers_per_second": 2}
    return row | figures | changes


def test_a_running_run_says_how_far_and_how_fast() -> None:
    parts = Parts(run_card(made_up(failed=3)))
    bar = parts.only("progress")
    assert (bar["value"], bar["max"], bar["aria-label"]) == ("300", "400", "300 of 400 answers")
    for words in ("small · d · letter · plain@1", "300 of 400 answers", "20 answers/s", "5 s left", "3 failed"):
        assert words in parts.text
    assert "python" not in parts.text


def test_a_run_without_a_rate_yet_is_starting() -> None:
    text = Parts(run_card(made_up(done=0, rate=None, eta_seconds=None))).text
    assert "starting" in text and "answers/s" not in text and "failed" not in text


@pytest.mark.parametrize("state", ["stopped", "broken"])
def test_an_ended_run_says_why_what_is_safe_and_how_to_go_on(state: str) -> None:
    run = made_up(state=state, reason="disk full", rate=None, command=("run", "--model", "a folder"))
    parts = Parts(run_card(run))
    assert parts.only("progress")["value"] == "256"
    assert f"{state.capitalize()}: disk full" in parts.text
    assert "256 of 400 answers are safe" in parts.text
    assert parts.text.endswith(".venv/bin/python -m engine run --model 'a folder'")


def test_a_run_of_nothing_has_a_bar() -> None:
    assert Parts(run_card(made_up(done=0, total=0))).only("progress")["max"] == "1"


def test_what_did_not_start_says_why() -> None:
    assert "Not started: no such folder" in Parts(launch_card("m · d", "no such folder", failed=True)).text
    waiting = Parts(launch_card("m · d", "Loading …", failed=False))
    assert "value" not in waiting.only("progress") and "Not started" not in waiting.text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    plain, hostile = made_up(state="broken", reason="r"), dict.fromkeys(["model", "dataset", "probe", "reason"], text)
    changed = made_up(state="broken", templates=(text,), run_id=text, command=("run", text), **hostile)
    pairs = [
        (run_card(plain), run_card(changed)),
        (launch_card("t", "s", failed=True), launch_card(text, text, failed=True)),
        (
            run_table(pd.DataFrame([table_row()]), chosen=None),
            run_table(pd.DataFrame([{k: text if v == "x" else v for k, v in table_row().items()}]), chosen=None),
        ),
    ]
    for harmless, harmful in pairs:
        marked = [(tag, a) for tag, a in Parts(harmful).elements if a.get("class") not in ("iso-mark", "iso-rest")]
        assert marked == Parts(harmless).elements


def test_the_table_shows_what_is_missing_as_missing() -> None:
    rows = [
        table_row(run_id="a", n_failed=0, weights_sha256="0123456789abcdef"),
        table_row(run_id="b", n_done=3, n_failed=None, dtype=None, seconds=None, answers_per_second=None),
    ]
    parts = Parts(run_table(pd.DataFrame(rows), chosen="b"))
    assert "0123456789…" in parts.text and "abcdef" not in parts.text
    assert "3 of 4" in parts.text
    assert parts.text.count("–") == 4  # of run b: failed, dtype, seconds, rate
    marked = [attributes.get("aria-current") for tag, attributes in parts.elements if tag == "tr"]
    assert marked == [None, None, "true"]  # head, a, b
