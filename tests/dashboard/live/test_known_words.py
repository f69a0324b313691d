"""Words of one's own that ask for a known relation: asked in every language, or as typed; a wrong answer is said."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import page_registry, queries
from tests.support.tables import make_store
from tests.support.typing_page import (
    NAMES,
    capital_rows,
    in_template,
    opened,
    param,
    press,
    rerun,
    said,
    text_box,
    typed,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    make_store(tmp_path, facts=capital_rows()).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    yield tmp_path


@pytest.mark.parametrize(
    ("question", "subject", "answer"),
    [
        ("What is the capital of {subject}?", "Poland", "Warsaw"),
        ("what’s the capital of the {subject}", "polska", "WARSZAWA"),
        ("What is the capital of Poland?", "", "Warsaw"),
        ("Wie heißt die Hauptstadt von {subject}?", "Polen", "Warsaw"),  # still to be written in English
    ],
)
def test_words_of_ones_own_are_asked_as_the_known_question(question: str, subject: str, answer: str) -> None:
    app = in_template(opened(entry="template", **{"in": "en,pl,he"}), question, subject, answer)
    title, _, fact = typed(app)
    assert "You seem to ask “capital”: its question is known in 3 of 3 languages." in said(app)
    assert (title, fact["relation"], list(fact["texts"])) == ("capital · Poland", "capital", ["en", "pl", "he"])
    assert fact["texts"]["en"]["question"] == "Which city is the capital of Poland?"
    assert fact["texts"]["he"]["question"] == "מהי בירת פולין?"
    for tag, texts in fact["texts"].items():
        assert texts["options"][fact["gold"][0]] == NAMES["PL"][tag][1]


def test_the_typed_words_are_kept_at_a_click_and_by_the_link() -> None:
    words = ("What is the capital of {subject}?", "Poland", "Warsaw")
    app = in_template(opened(entry="template", **{"in": "en,pl"}), *words)
    known = typed(app)
    next(group for group in app.button_group if group.label == "Ask").set_value("typed")
    _, _, fact = typed(rerun(app))
    assert list(fact["texts"]) == ["en"] and fact["texts"]["en"]["question"] == "What is the capital of Poland?"
    assert param(app, "words") == "typed"
    linked = in_template(opened(entry="template", words="typed", **{"in": "en,pl"}), *words)
    assert typed(linked)[2] == fact
    next(group for group in app.button_group if group.label == "Ask").set_value("known")
    assert typed(rerun(app)) == known and "words" not in app.query_params


def test_a_subject_of_another_kind_keeps_the_typed_words() -> None:
    app = in_template(opened(entry="template"), "What is the capital of {subject}?", "Bavaria", "Munich")
    assert "“Bavaria” is not known as a country" in said(app)
    app = in_template(app, "What is the former capital of {subject}?", "Poland", "Kraków")
    assert "You seem to ask" not in said(app)


def test_a_country_that_the_store_does_not_have_is_named_by_cldr() -> None:
    app = in_template(opened(entry="template"), "What is the capital of {subject}?", "USA", "Washington")
    assert "The store's names are used: “USA” → “United States”." in html.unescape(said(app))
    assert typed(app)[2]["texts"]["en"]["subject"] == "United States"


@pytest.mark.parametrize("words", ["known", "typed"])
def test_another_answer_than_the_stores_is_said_before_it_is_asked(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_registry, "link", lambda *args: None)  # this script has no other page
    app = opened(entry="template", words=words, **{"in": "en,pl,he"})
    in_template(app, "What is the capital of {subject}?", "Poland", "Kraków")
    assert "The store says otherwise: the capital of Poland is Warsaw, not Kraków" in said(app)
    assert "no such fact" not in said(app)
    press(app, "Use Warsaw")
    assert text_box(app, "Right answer").value == "Warsaw" and "says otherwise" not in said(app)
    press(app, "Undo: the store's answer")
    assert text_box(app, "Right answer").value == "Kraków"


def test_a_question_that_nobody_knows_stays_as_it_was_typed() -> None:
    app = in_template(opened(entry="template"), "Which river flows through {subject}?", "Egypt", "Nile")
    assert list(typed(app)[2]["texts"]) == ["en"]
    assert typed(app)[2]["texts"]["en"]["answers"] == ["Nile"]
    assert "You seem to ask" not in said(app)


def test_a_known_question_in_a_table_fills_its_empty_cells_at_a_click() -> None:
    app = opened(entry="table", **{"in": "en,pl,he"})
    table = "language,question,option_1,option_2,gold\nen,What is the capital of Poland?,Rome,Warsaw,2\nhe,,רומי,,\n"
    app.text_area[0].set_value(table)
    press(app, "Take it")
    assert list(typed(app)[2]["texts"]) == ["en"]
    press(app, "Fill in 5 empty cells")  # three in Polish; in Hebrew one option is typed
    texts = typed(app)[2]["texts"]
    assert texts["en"]["question"] == "What is the capital of Poland?"
    assert (texts["pl"]["question"], texts["pl"]["options"]) == (
        "Jakie miasto jest stolicą: Polska?", ["Rzym", "Warszawa"],
    )  # fmt: skip
    assert texts["he"]["options"] == ["רומי", "ורשה"]
    assert list(typed(press(app, "Undo: the known texts"))[2]["texts"]) == ["en"]
