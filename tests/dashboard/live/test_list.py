"""A list of facts typed on a page: what each row becomes in other languages, and what is said of rows that cannot."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries
from dashboard.app_pages.live.typing.list_completion import complete_row
from engine.live.fact.fact_list import read_list
from tests.support.tables import make_store
from tests.support.typing_page import NAMES, capital_rows, said

pytestmark = pytest.mark.slow

TAGS = ["en", "pl", "he"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    make_store(tmp_path, facts=capital_rows()).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    yield tmp_path


def run_page() -> None:
    """A script of Streamlit's: the typing alone, and how many facts it gives, into which dataset."""
    import streamlit as st

    from dashboard import queries
    from dashboard.app_pages.live.typing.draft import TypedList
    from dashboard.app_pages.live.typing.typing_panel import typed_fact

    typed = typed_fact(queries.version())
    if isinstance(typed, TypedList):
        st.code(f"{typed.dataset} {len(typed.facts)}")


def opened(text: str) -> AppTest:
    app = AppTest.from_function(run_page, default_timeout=30)
    app.query_params["entry"], app.query_params["in"] = "list", ",".join(TAGS)
    app.run()
    app.text_area[0].set_value(text).run()
    assert not app.exception, app.exception
    return app


def test_rows_are_completed_by_what_they_ask() -> None:
    rows = read_list(
        "question,relation,subject,answer,language\n"
        "What is the capital of {subject}?,,Poland,Warsaw,\n"
        ",capital,פולין,ורשה,he\n"
        "What is the capital of Poland?,,,Warsaw,\n"
    )
    for row in rows:
        found = complete_row(queries.version(), row, TAGS)
        assert (found.relation, set(found.languages), found.note) == ("capital", set(TAGS), "")
        assert found.typed is not None
        fact = found.typed.fact
        for tag, texts in fact.texts.items():
            assert texts.options[fact.gold[0]] == NAMES["PL"][tag][1]
            assert NAMES["PL"][tag][0] in texts.question


def test_texts_in_columns_of_other_languages_come_first() -> None:
    (row,) = read_list(
        "question,subject,answer,wrong,question_pl,answer_pl,wrong_pl\n"
        "Which river flows through {subject}?,Egypt,Nile,Rhine; Po,Jaka rzeka płynie przez Egipt?,Nil,Ren; Pad\n"
    )
    found = complete_row(queries.version(), row, TAGS)
    assert found.typed is not None and found.languages == ("en", "pl") and found.relation == ""
    fact = found.typed.fact
    assert fact.texts["pl"].question == "Jaka rzeka płynie przez Egipt?"
    in_both = dict(zip(fact.texts["en"].options, fact.texts["pl"].options, strict=True))
    assert in_both == {"Nile": "Nil", "Rhine": "Ren", "Po": "Pad"}
    assert fact.texts["pl"].options[fact.gold[0]] == "Nil"


@pytest.mark.parametrize(
    ("cells", "note", "is_asked"),
    [
        ("What is the capital of {subject}?,Poland,Kraków,,", "the capital of Poland is Warsaw, not Kraków", True),
        ("Which river flows through {subject}?,Egypt,Nile,Po,", "Its words are not known", True),
        ("Which river flows through {subject}?,Egypt,Nile,,", "An open question: give wrong options", True),
        (",Poland,Warsaw,,mayor", "no question of “mayor” is known in its language: give a question, or one of", False),
        ("What is the capital of {subject}?,Poland,Warsaw,Warsaw,", "is the same as option", False),
        ("What is the capital of {subject}?,,Warsaw,,", "the subject is missing", False),
    ],
)
def test_what_is_to_note_of_a_row_is_told(cells: str, note: str, is_asked: bool) -> None:
    (row,) = read_list(f"question,subject,answer,wrong,relation\n{cells}\n")
    found = complete_row(queries.version(), row, TAGS)
    assert note in found.note and (found.typed is not None) == is_asked


def test_other_wrong_options_in_another_language_are_told() -> None:
    (row,) = read_list("question,answer,wrong,wrong_pl\nIs it?,yes,no,nie; może\n")
    assert complete_row(queries.version(), row, TAGS).note == (
        "wrong_pl has 2 options, but wrong has 1: give the same ones"
    )


def test_a_list_says_how_many_facts_can_be_asked_and_which_rows_are_left_out() -> None:
    app = opened("question,subject,answer\nWhat is the capital of {subject}?,Poland,Warsaw\nWhat of {subject}?,,x\n")
    assert "1 of 2 facts can be asked, 1 of them in all 3 languages." in said(app)
    assert "Left out: line 3: the subject is missing: say who or what is asked about." in said(app)
    assert app.code[-1].value == "my-facts 1"
    app.text_input[0].set_value("no/name").run()
    assert "A dataset" in said(app) and not app.code
    app.text_input[0].set_value("mine").run()
    assert app.code[-1].value == "mine 1"


def test_a_list_that_cannot_be_read_says_why_and_an_empty_one_what_to_do() -> None:
    assert "Paste a list of up to 100 facts" in said(opened(""))
    assert "The column “capital” means nothing here" in said(opened("capital,answer\nx,y\n"))
