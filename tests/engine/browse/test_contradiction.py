"""A typed fact that says otherwise than the store: said beside it, in any language, and never in its way."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.app_pages.live.typing.contradiction import with_answers
from engine.browse.contradiction import Contradiction, contradiction
from engine.cli import main
from engine.database.database import Database, open_database
from engine.live.protocol.fact_text import FactText
from engine.locations import EMBEDDED
from tests.support.tables import make_store

pytestmark = pytest.mark.slow

NAMES = {
    "en": ("Kenya", "Nairobi", "Mombasa"),
    "de": ("Kenia", "Nairobi", "Mombasa"),
    "he": ("קניה", "ניירובי", "מומבסה"),
}


@pytest.fixture(scope="module")
def store() -> Database:
    return open_database([EMBEDDED])


def typed(*, right: int, languages: str = "en,de,he", subject: bool = True, **more: Any) -> dict[str, Any]:
    """The capital of Kenya, with Nairobi and Mombasa as options; `right`: which of them."""
    texts = {}
    for tag in languages.split(","):
        name, *options = NAMES[tag]
        question = {"en": f"What is the capital of {name}?", "de": f"Hauptstadt von {name}?", "he": f"בירת {name}?"}[
            tag
        ]
        texts[tag] = {"question": question, "options": options} | ({"subject": name} if subject else {})
    return {"relation": "capital", "gold": [right], "texts": texts} | more


def found(store: Database, fact: dict[str, Any]) -> Contradiction:
    said = contradiction(store, fact)
    assert said is not None
    return said


def test_another_right_answer_is_told_with_what_the_store_says(store: Database) -> None:
    said = found(store, typed(right=1))
    assert (said.dataset, said.fact_id, said.stored, said.typed) == ("world", "capital:KE", ("Nairobi",), ("Mombasa",))
    assert said.sentence == (
        "The store says otherwise: the capital of Kenya is Nairobi, which stands among the wrong options, not Mombasa "
        "(World facts)."
    )


@pytest.mark.parametrize(
    ("relation", "subject", "about"),
    [
        ("month_after", "March", "the month after March is April"),
        ("weekday_after", "Monday", "the day after Monday is Tuesday"),
        ("city_country", "Abidjan", "the country of Abidjan is Côte d’Ivoire"),
        ("currency_code", "Japan", "the currency code of Japan is JPY"),
    ],
)
def test_what_the_fact_is_about_is_said_in_english(store: Database, relation: str, subject: str, about: str) -> None:
    text = {"question": "?", "options": ["Xx", "Yy"], "subject": subject}
    assert about in found(store, {"relation": relation, "gold": [0], "texts": {"en": text}}).sentence


@pytest.mark.parametrize("tag", NAMES)
def test_it_is_told_in_whatever_language_was_typed(store: Database, tag: str) -> None:
    said = found(store, typed(right=1, languages=tag))
    assert (said.language, said.stored, said.typed) == (tag, NAMES[tag][1:2], NAMES[tag][2:])
    assert ("in Hebrew" in said.sentence) == (tag == "he")  # English is read first, and need not be named


@pytest.mark.parametrize(
    "fact",
    [
        typed(right=0),
        typed(right=0, gold=[]),
        typed(right=1, languages="de,he", relation="largest port"),
        {"relation": "capital", "gold": [0], "texts": {
            "en": {"question": "?", "options": ["a", "b"], "subject": "Narnia"}}},
        # written as the store does in one language: the same answer, spelled otherwise in another
        {"relation": "capital", "gold": [0], "texts": {
            "en": {"question": "?", "options": ["Nairobbi", "x"], "subject": "Kenya"},
            "de": {"question": "?", "options": ["NAIROBI.", "x"], "subject": "Kenia"}}},
    ],
    ids=["the store's answer", "no answer is right", "another relation", "an unknown subject", "another spelling"],
)  # fmt: skip
def test_what_does_not_contradict_is_not_told(store: Database, fact: dict[str, Any]) -> None:
    assert contradiction(store, fact) is None


def test_a_question_that_names_subject_and_relation_is_understood(store: Database) -> None:
    assert found(store, typed(right=1, subject=False, relation=None)).fact_id == "capital:KE"
    text = {"question": "What is the capital of Guinea-Bissau?", "options": ["Conakry", "Bamako"]}
    said = found(store, {"relation": None, "gold": [0], "texts": {"en": text}})
    assert said.subject == "Guinea-Bissau" and "Bissau" in said.stored  # not Guinea, whose capital Conakry is
    other = text | {"question": "What is the second city of Kenya?", "options": ["Mombasa", "Nairobi"]}
    assert contradiction(store, {"relation": None, "gold": [0], "texts": {"en": other}}) is None


def test_the_very_question_of_a_fact_is_understood(store: Database) -> None:
    rows = store.frame(
        "select t.question, t.language::varchar as tag from fact_texts as t join facts as f using (dataset, fact_ix) "
        "where f.fact_id = 'capital:KE' and f.dataset = 'world' and t.language::varchar in ('de', 'en', 'he')"
    )
    for _, row in rows.iterrows():
        options = list(NAMES[row["tag"]][1:])
        fact = {"relation": None, "gold": [1], "texts": {row["tag"]: {"question": row["question"], "options": options}}}
        assert found(store, fact).stored == NAMES[row["tag"]][1:2]


def test_an_open_question_has_answers(store: Database) -> None:
    answers = ["Mombasa", "Kisumu"]
    texts = {"en": {"question": "Capital?", "options": [], "answers": answers, "subject": "Kenya"}}
    said = found(store, {"relation": "capital", "gold": [], "texts": texts})
    assert "is Nairobi, not Mombasa or Kisumu" in said.sentence
    answers.append("nairobi")
    assert contradiction(store, {"relation": "capital", "gold": [], "texts": texts}) is None


def test_the_stores_answer_can_be_taken(store: Database) -> None:
    fact = typed(right=1)
    taken = with_answers(FactText.model_validate(fact), found(store, fact).right)
    again = taken.fact(NAMES).model_dump()
    assert again["gold"] == [0] and contradiction(store, again) is None  # it was there: it is marked, and none moves
    assert [again["texts"][tag]["options"] for tag in NAMES] == [[right, wrong] for _, right, wrong in NAMES.values()]
    # an answer that was not among the options takes the place of the one called right, in every language that is told
    fact["texts"] = {"en": fact["texts"]["en"] | {"options": ["Kisumu", "Mombasa"]}, "eu": fact["texts"]["de"]}
    fact["texts"]["eu"] = fact["texts"]["eu"] | {"options": ["Kisumu", "Mombasa"]}
    taken = with_answers(FactText.model_validate(fact), {"en": ("Nairobi",)})
    in_languages = taken.fact(["en", "eu"]).texts
    assert {tag: texts.options for tag, texts in in_languages.items()} == {"en": ["Kisumu", "Nairobi"]}
    assert taken.missing("eu") == ["option 2"]


def capital(*options: str, gold: tuple[int, ...] = (0,), tag: str = "en", **texts: Any) -> dict[str, Any]:
    question = texts.pop("question", "Which city is the capital of this country: Kenya?")
    one = {"question": question, "options": list(options), **texts}
    return {"relation": None, "gold": list(gold), "texts": {tag: one}}


@pytest.mark.parametrize(
    "fact",
    [
        capital("Mombasa", "Kisumu", question="Kenia: Wie heißt die Hauptstadt dieses Landes?", tag="de"),
        capital("Mombasa", "Kisumu", question="The capital of the country called Kenya is ___."),
        capital("Mombasa", "Kisumu", question="which city is the capital of this country — KENYA"),
        capital("Mombasa", "Kisumu", question="?", subject="Kenya") | {"relation": "Capital"},
        capital("Mombasa", "Kisumu", tag="EN"),
        capital("Nairobi", "Mombasa", "Kisumu", gold=(0, 1)),
    ],
    ids=[
        "another wording",
        "a statement",
        "other signs",
        "a relation in capitals",
        "a tag in capitals",
        "two are right",
    ],
)
def test_the_same_fact_is_known_however_it_is_written(store: Database, fact: dict[str, Any]) -> None:
    said = found(store, fact)
    assert (said.fact_id, said.typed) == ("capital:KE", ("Mombasa",))


@pytest.mark.parametrize(
    "fact",
    [
        capital("Berbera", "Bamako", question="What is the capital of Somaliland?"),  # the store knows Mali alone
        capital("Port Moresby", "Conakry", question="What is the capital of Papua New Guinea?"),
        capital("no", "yes", question="Is Mombasa the capital of Kenya?"),
        capital("Mombasa", "Kisumu", question="Which port lies far from Nairobi, the capital of Kenya?"),
        capital("Nairobi", "Mombasa", question="איזו עיר היא בירת המדינה קניה?", tag="he"),  # the store's, in English
        capital("נ\u05b7יירובי", "מומבסה", question="איזו עיר היא בירת המדינה קניה?", tag="he"),  # with a vowel point
    ],
    ids=["a longer word", "a longer name", "yes or no", "another thing", "another script", "a vowel point"],
)
def test_what_means_something_else_is_not_told(store: Database, fact: dict[str, Any]) -> None:
    assert contradiction(store, fact) is None


def test_a_right_option_called_wrong_is_told_though_another_is_right(tmp_path: Path) -> None:
    """Of two right options of the store, one is typed as wrong; in one language of two the options changed places."""
    names = {"en": ["Pretoria", "Cape Town", "Durban"], "de": ["Pretoria", "Kapstadt", "Durban"]}
    rows: list[dict[str, object]] = [
        {
            "dataset": "d", "fact_id": "ZA", "language": tag, "stream": "factual", "relation": "capital",
            "subject": "ZA", "question": f"capital {tag}?", "options": options, "gold": [0, 1], "answers": [],
        }
        for tag, options in names.items()
    ]  # fmt: skip
    small = make_store(tmp_path, facts=rows)
    texts = {tag: {"question": f"capital {tag}?", "options": options} for tag, options in names.items()}
    fact: dict[str, Any] = {"relation": None, "gold": [0], "texts": texts}
    said = found(small, fact)
    assert said.sentence == "The store says otherwise: the capital of ZA is Cape Town as well (d)."
    assert with_answers(FactText.model_validate(fact), said.right).gold == (0, 1)
    assert contradiction(small, fact | {"gold": [0, 1]}) is None
    texts["de"] = texts["de"] | {"options": ["Durban", "Kapstadt", "Pretoria"]}
    said = found(small, fact | {"gold": [0, 1]})  # right in English; in German Durban is called right, Pretoria wrong
    assert (said.language, said.typed, said.denied) == ("de", ("Durban",), ("Pretoria",))
    small.close()


def test_the_command_line_says_it_and_asks_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fact.json").write_text(json.dumps(typed(right=1)), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["probe", "--model", "lab-en", "--probe", "cloze", "--fact", str(tmp_path / "fact.json")])
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert "the capital of Kenya is Nairobi" in said.err and '"languages"' in said.out
