"""What Language pairs says of the way of asking: where it says anything, in words and in charts, in both themes."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dashboard.app_pages.pairs.asking_panel import letters_in_words, wordings_in_words
from dashboard.charts.kit.theme import PALETTES, Theme
from tests.support.drawing import draw
from tests.support.page import open_page
from tests.support.tables import Said, fact_rows, make_store, result_rows, run_rows

pytestmark = pytest.mark.slow

GOLD = "AAB"
# right in: de 0 1, en 0 1 2, he none
PLAIN = {"de": "AAA", "en": "AAB", "he": "BBA"}
EXAM = {"de": "AAA", "en": "BAA", "he": "CCC"}
SECTION, LETTERS, WORDINGS = "How much of this is the asking?", "Does the model like a letter?", "Do other words change"
THEMES: tuple[Theme, ...] = tuple(PALETTES)


def rotated(said: Said, template: str, model: str = "m", rotations: str = "BAAB") -> list[dict[str, object]]:
    """Answers under each order of four options; every fact's choices are `rotations`."""
    choices = [ord(sign) - ord("A") for sign in rotations]
    rows = result_rows(model, "d", GOLD, said, template, template=f"{template}+cyclic")
    return [row | {"order_choices": choices} for row in rows]


def store(folder: Path, *answers: list[dict[str, object]], facts: list[dict[str, object]] | None = None) -> Path:
    results = [row for rows in answers for row in rows]
    runs = {(str(row["model"]), str(row["run_id"])) for row in results}
    make_store(
        folder,
        facts=facts or fact_rows("d", GOLD, list(PLAIN)),
        results=results,
        runs=[row for model, run_id in sorted(runs) for row in run_rows(model, run_id)],
    ).close()
    return folder


@pytest.mark.parametrize("theme", THEMES)
def test_letters_and_wordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: Theme) -> None:
    where = store(tmp_path, rotated(PLAIN, "plain@1"), rotated(EXAM, "exam@1"))
    page = open_page("pairs", monkeypatch, where, theme=theme, model="m:letter:plain@1+cyclic")
    assert SECTION in page.headings and LETTERS in page.headings and any(WORDINGS in title for title in page.headings)
    # BAAB under orders 0 to 3 stands at places 1, (0 - 1) = 3, (0 - 2) = 2, (1 - 3) = 2 of four: C twice
    assert "says C in 50 % of its choices in" in page.text and "chance is 25 %" in page.text
    # de: {0 1} twice, 1; he: in neither wording anything: missing. en: {0 1 2} and {1}, 1/3
    # plain: de-en 2/3, exam: de-en 1/2, with he 0: mean (2/3 + 0 + 1/2 + 0) / 4 = 7/24; gaps de 17/24, en 1/24
    assert "In Deutsch two wordings share 100 % of the facts right in either, two languages 29 %" in page.text
    assert "Mean of 2 languages: 67 % and 29 %" in page.text
    marks = {key: list(draw(json.loads(json.dumps(page.charts[key]))).marks) for key in page.charts}
    assert [name.split(";")[0] for name in marks["letter-chart"]] == [
        f"Language: {name}" for name in ("English", "Deutsch", "עברית")
    ]
    assert len(marks["same-choice-chart"]) == 3
    assert len(marks["wording-chart"]) == 6
    (missing,) = [name for name in marks["wording-chart"] if "not measured" in name]
    assert "עברית" in missing and "nothing is right in either of two wordings" in missing


def test_nothing_to_say_is_not_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("pairs", monkeypatch, store(tmp_path, result_rows("m", "d", GOLD, PLAIN, template="plain@1")))
    assert SECTION not in page.headings
    assert page.charts.keys() == {"pair-heatmap", "pivot-chart", "k-chart"}


def test_letters_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("pairs", monkeypatch, store(tmp_path, rotated(PLAIN, "plain@1")))
    assert SECTION in page.headings and not any(WORDINGS in title for title in page.headings)
    assert {"letter-chart", "same-choice-chart"} <= page.charts.keys() and "wording-chart" not in page.charts


def test_wordings_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [result_rows("m", "d", GOLD, said, way, template=way) for way, said in (("a@1", PLAIN), ("b@1", EXAM))]
    page = open_page("pairs", monkeypatch, store(tmp_path, *ways), model="m:letter:b@1")
    assert SECTION in page.headings and LETTERS not in page.headings
    assert "wording-chart" in page.charts and "letter-chart" not in page.charts


def test_why_a_language_has_no_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"a@1": {"de": "AAA", "en": "AA!", "he": "AAB"}, "b@1": {"de": "AAA", "en": "!!B"}}
    ways = [result_rows("m", "d", GOLD, answers, way, template=way) for way, answers in said.items()]
    page = open_page("pairs", monkeypatch, store(tmp_path, *ways), model="m:letter:a@1")
    wordings = [name for name in draw(page.charts["wording-chart"]).marks if "not measured" in name]
    assert {(name.split(";")[0], name.split("not measured: ")[1]) for name in wordings} == {
        ("Language: English", "no fact was measured in every wording"),
        ("Language: עברית", "not asked in two wordings"),
    }


def test_facts_of_several_numbers_of_options_have_charts_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages = list(PLAIN)
    facts = fact_rows("d", "AA", languages, 2) + [
        row for row in fact_rows("d", GOLD, languages) if row["fact_id"] == "2"
    ]
    answers = rotated(PLAIN, "plain@1")
    for row in answers:
        row["order_choices"] = [0, 0, 0, 0] if row["fact_id"] == "2" else [0, 1]  # balanced, and always A
    where = store(tmp_path, answers, facts=facts)
    page = open_page("pairs", monkeypatch, where)
    assert "under every order of the 2 options" in page.text  # most facts have two
    assert "says A in 100 % of its choices" in page.text and "chance is 50 %" in page.text
    page = open_page("pairs", monkeypatch, where, n_options="4")
    assert "under every order of the 4 options" in page.text and "chance is 25 %" in page.text
    assert page.app.selectbox(key="n_options").options == ["of 2 options", "of 4 options"]


def test_only_chosen_languages_are_spoken_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = store(tmp_path, rotated(PLAIN, "plain@1"), rotated(EXAM, "exam@1"))
    page = open_page("pairs", monkeypatch, where, model="m:letter:plain@1+cyclic", languages="en,he")
    assert "In English two wordings share 33 %" in page.text and "Mean of 1 language:" in page.text
    assert not any("Deutsch" in json.dumps(spec["params"], ensure_ascii=False) for spec in page.charts.values())


def test_a_models_name_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("pairs", monkeypatch, store(tmp_path, rotated(PLAIN, "plain@1", "<b>m</b>\u202e")))
    assert "options, &lt;b&gt;m&lt;/b&gt;" in page.text and "<b>" not in page.text
    assert "⟨U+202E⟩" in page.text


ONE = pd.DataFrame({"language": ["en"], "k": 4, "n": 9, "favourite": "B", "share": 0.94, "expected": 0.25})


def test_letters_in_words() -> None:
    said = "Asked under every order of the 4 options, m says B in 94 % of its choices in English; chance is 25 %."
    assert letters_in_words(ONE, model="m", names={"en": "English"}) == said
    two = pd.concat([ONE.assign(language="he", favourite="D", share=0.3), ONE])
    names = {"en": "English", "he": "עברית"}
    assert letters_in_words(two, model="m", names=names) == f"{said} Least in עברית, where it says D in 30 %."


@pytest.mark.parametrize(
    ("low", "high", "n_more", "n_less", "verdict", "end"),
    [
        (0.1, 0.5, 3, 0, "another language changes more than other words do.", "in 3 of them."),
        (-0.5, -0.1, 1, 2, "other words change more than", "in 3 of them, in 2 because other words change more."),
        (-0.5, 0.5, 0, 0, "with 20 facts that is too close to tell which of the two changes more.", "in none of them."),
        (0.0, 0.5, 0, 0, "with 20 facts that is too close to tell which of the two changes more.", "in none of them."),
    ],
)
def test_wordings_in_words(low: float, high: float, n_more: int, n_less: int, verdict: str, end: str) -> None:
    row = {
        "language": "pl", "n": 20, "between_wordings": 0.4, "between_languages": 0.14, "ci_low": low, "ci_high": high,
        "n_compared": 10, "mean_wordings": 0.25, "mean_languages": 0.2, "n_more": n_more, "n_less": n_less,
        "is_widest": True,
    }  # fmt: skip
    said = wordings_in_words(pd.DataFrame([row, row | {"is_widest": False}]), names={"pl": "Polski"})
    assert said.startswith(
        f"In Polski two wordings share 40 % of the facts right in either, two languages 14 %: {verdict}"
    )
    assert "Mean of 10 languages: 25 % and 20 %." in said
    assert said.endswith(end)
    nothing = pd.DataFrame([row | {"is_widest": False}])
    assert wordings_in_words(nothing, names={}) == "Too little is right to compare wordings with languages."
