"""Typing a fact on a page: by relation, by template, in a table; what a link brings, and that nothing typed is lost."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import probe_client, queries
from dashboard.app_pages.live.typing import translation_panel as live_translate
from engine.errors import IsoglossError
from tests.support.tables import make_store
from tests.support.typing_page import (
    NAMES,
    box,
    capital_rows,
    opened,
    param,
    press,
    rerun,
    run_page,
    said,
    text_box,
    typed,
)

pytestmark = pytest.mark.slow

NOTHING: dict[str, Any] = {"subject": None, "answers": []}  # what a language need not have
CSV = "language,question,option_1,option_2,gold\nen,Is it?,yes,no,1\neu,Bai?,bai,ez,1\n"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    make_store(tmp_path, facts=capital_rows()).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    yield tmp_path


def test_a_fact_is_found_by_its_name_in_any_language() -> None:
    app = opened(read="pl")
    subjects = box(app, "Subject")
    poland = next(entry for entry in subjects.options if entry.startswith("Polska · Poland"))
    assert "פולין" in poland
    subjects.select("PL")
    title, embedded, fact = typed(rerun(app))
    assert (title, embedded) == ("capital · Polska", ["d", "PL"])
    assert fact["gold"] == [0] and fact["relation"] == "capital"
    assert list(fact["texts"]) == ["en", "pl", "he"]
    assert fact["texts"]["pl"]["question"] == "Jakie miasto jest stolicą: Polska?"
    assert fact["texts"]["he"]["options"][0] == "ורשה"
    assert param(app, "about") == "PL" and param(app, "read") == "pl"


def test_a_link_opens_the_same_fact_with_the_same_options() -> None:
    first = opened(about="IT", options="other", draw="3", **{"in": "en,he"})
    title, embedded, fact = typed(first)
    assert embedded is None and title == "capital · Italy"
    assert list(fact["texts"]) == ["en", "he"]
    for tag, texts in fact["texts"].items():
        assert len(set(texts["options"])) == 4
        assert texts["options"][fact["gold"][0]] == NAMES["IT"][tag][1]
    assert typed(opened(about="IT", options="other", draw="3", **{"in": "en,he"})) == [title, embedded, fact]
    assert typed(press(first, "Draw others"))[2] != fact
    assert param(first, "draw") == "4"


def test_without_options_the_right_one_is_the_accepted_answer() -> None:
    _, embedded, fact = typed(opened(about="FR", options="none"))
    assert embedded is None and fact["gold"] == []
    question = "Jakie miasto jest stolicą: Francja?"
    assert fact["texts"]["pl"] == dict(question=question, options=[], subject="Francja", answers=["Paryż"])


def test_a_link_from_a_fact_fills_the_relation_or_the_table() -> None:
    app = opened(dataset="d", fact="EG")
    assert typed(app)[1] == ["d", "EG"] and "fact" not in app.query_params
    app = opened(dataset="d", fact="plain")
    assert param(app, "entry") == "table"
    _, _, fact = typed(app)
    assert fact["texts"]["he"] == NOTHING | {"question": "plain he", "options": ["a", "b"]} and fact["gold"] == [1]
    app = opened(dataset="d", fact="nothing")
    assert "no texts of a fact “nothing”" in said(app)
    assert typed(app) is None


def test_a_link_from_a_kept_probe_fills_the_table(store: Path) -> None:
    """Its relation and subject may be known to nobody else: the store of live probes is not asked for relations."""
    poland = [row | {"dataset": "live"} for row in capital_rows() if row["fact_id"] == "PL"]
    make_store(store / "live", facts=poland).close()
    app = AppTest.from_function(run_page, default_timeout=30)
    app.session_state["selection"] = SimpleNamespace(dataset="live", version=queries.live_version())
    app.query_params["fact"] = "PL"
    title, embedded, fact = typed(rerun(app))
    assert param(app, "entry") == "table" and embedded is None
    assert (title, fact["gold"], fact["relation"]) == ("capital · Poland", [0], "capital")
    assert fact["texts"]["he"]["subject"] == "פולין"


def test_names_in_the_url_that_mean_nothing_are_said() -> None:
    wrong = {
        "entry": ("fly", "way in “fly”"),
        "in": ("en,nobody", "languages “en,nobody”"),
        "read": ("zz", "language to read in “zz”"),
        "of": ("d:nothing", "relation “d:nothing”"),
        "about": ("XX", "subject “XX”"),
        "options": ("many", "options “many”"),
    }
    app = opened(**{key: value for key, (value, _) in wrong.items()})
    for _, name in wrong.values():
        assert f"unknown: {name}" in said(app)


def test_a_template_is_filled_by_the_store_and_by_cldr() -> None:
    app = opened(entry="template", **{"in": "en,pl,de"})
    texts = {"Question": "Which city is the capital of {subject}?", "Subject": "Poland", "Right answer": "Warsaw"}
    for label, text in texts.items():
        text_box(app, label).set_value(text)
    title, embedded, fact = typed(rerun(app))
    assert (title, embedded, fact["relation"]) == ("capital · Poland", None, "capital")
    assert set(fact["texts"]) == {"en", "pl"}  # the store has no German wording of it
    assert fact["texts"]["pl"]["question"] == "Jakie miasto jest stolicą: Polska?"
    assert fact["texts"]["pl"]["options"][fact["gold"][0]] == "Warszawa"
    others = typed(press(app, "Propose others"))[2]
    assert others["texts"]["pl"]["options"] != fact["texts"]["pl"]["options"]
    assert typed(press(app, "Undo"))[2] == fact


def test_choosing_a_question_leaves_what_is_being_typed() -> None:
    app = opened(entry="template", **{"in": "en,pl"})
    text_box(app, "Subject").set_value("Poland")  # arrives with the choice, as from a quick hand
    box(app, "… or one that is known in many languages").select("Which city is the capital of {subject}?")
    title, _, fact = typed(rerun(app))
    assert title == "capital · Poland" and fact["texts"]["pl"]["question"] == "Jakie miasto jest stolicą: Polska?"
    press(app, "Undo: the choice of a question")
    assert (text_box(app, "Question").value, text_box(app, "Subject").value) == ("", "Poland")


def test_a_table_is_pasted_cleared_and_had_back() -> None:
    app = opened(entry="table")
    app.text_area[0].set_value(CSV)
    _, _, fact = typed(press(app, "Take it"))
    assert list(fact["texts"]) == ["en", "eu"] and fact["gold"] == [0]
    assert "eu" in param(app, "in").split(",")
    assert typed(press(app, "Clear")) is None
    assert typed(press(app, "Undo: the clearing"))[2] == fact
    app.text_area[0].set_value("language,question\nnobody,x\n")
    press(app, "Take it")
    assert "The table was not taken: line 2" in said(app)
    assert typed(app)[2] == fact


def test_nothing_that_was_typed_is_lost() -> None:
    app = opened(entry="table")
    app.text_area[0].set_value(CSV)
    fact = typed(press(app, "Take it"))
    next(group for group in app.button_group if group.label == "Way in").set_value("template")
    rerun(app)
    text_box(app, "Subject").set_value("Italy")
    rerun(app)
    for elsewhere in (True, False):
        app.toggle[0].set_value(elsewhere)
        rerun(app)
    assert text_box(app, "Subject").value == "Italy"
    next(group for group in app.button_group if group.label == "Way in").set_value("table")
    assert typed(rerun(app)) == fact


def test_a_language_can_be_added_by_its_name_and_what_is_none_is_said() -> None:
    app = opened(entry="table", **{"in": "en"})
    app.multiselect[0].set_value(["en", "Basque", "Nonsense"])
    assert rerun(app).multiselect[0].value == ["en", "eu"]
    assert "“Nonsense” is no language" in said(app)


def test_without_a_translation_model_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_translate, "_languages", lambda stamp: None)
    app = opened(entry="translate")
    assert "No translation model is configured" in said(app)
    assert "[translation]" in "".join(code.value for code in app.code)

    def gone(stamp: int) -> None:
        raise IsoglossError("it is gone")

    monkeypatch.setattr(live_translate, "_languages", gone)
    assert "Nothing can be translated now: it is gone." in said(opened(entry="translate"))


class FakeClient:
    """A translation model that writes the language's tag behind every text."""

    def translate(self, texts: list[str], *, source: str, target: str) -> list[str]:
        return [f"{text} [{target}]" for text in texts]


def test_empty_cells_are_translated_marked_and_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_translate, "_languages", lambda stamp: ["en", "pl", "he"])
    monkeypatch.setattr(probe_client, "client", FakeClient)
    app = opened(entry="translate", **{"in": "en,pl,ja"})
    app.text_area[0].set_value(CSV.replace("eu,", "he,"))
    press(app, "Take it")
    press(app, "Translate the empty cells (1 language)")
    for _ in range(20):
        if any(button.label.startswith("Confirm") for button in app.button):
            break
        rerun(app)
    _, _, fact = typed(app)
    assert fact["texts"]["pl"] == NOTHING | {"question": "Is it? [pl]", "options": ["yes [pl]", "no [pl]"]}
    assert fact["texts"]["he"]["question"] == "Bai?"  # was there
    assert "does not know" in said(app)  # Japanese
    press(app, "Confirm 3 machine-made texts")
    assert not any(button.label.startswith("Confirm") for button in app.button)
    assert typed(press(app, "Undo: the confirmation"))[2] == fact
    assert "pl" not in typed(press(app, "Undo: the translation"))[2]["texts"]


def test_a_store_without_facts_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path / "empty"))
    app = opened()
    assert "bring facts" in said(app) and typed(app) is None
    app = opened(entry="table")
    app.text_area[0].set_value(CSV)
    assert list(typed(press(app, "Take it"))[2]["texts"]) == ["en", "eu"]
