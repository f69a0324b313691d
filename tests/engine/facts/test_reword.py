"""Facts in other words of their language, and what is said when there are none."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.facts import wording
from engine.facts.question import BLANK, Question
from engine.facts.reword import NoSuchForm, reword
from engine.facts.wording import relations, wordings, written_languages

QUESTION = Question(
    dataset="world",
    fact_id="capital:FR",
    language="de",
    text="Welche Stadt ist die Hauptstadt dieses Landes: Frankreich?",
    options=("Rom", "Paris", "Wien", "Bern"),
    gold=(1,),
    relation="capital",
    subject="Frankreich",
)


def test_the_same_fact_in_other_words() -> None:
    stated = reword(QUESTION, "statement-2")
    assert stated == replace(QUESTION, text="Land: Frankreich. Hauptstadt: ___.")
    assert reword(stated, "question-1") == QUESTION


def test_a_subject_is_put_in_as_it_stands() -> None:
    odd = replace(QUESTION, subject="{subject} \\1")
    assert reword(odd, "statement-2").text == "Land: {subject} \\1. Hauptstadt: ___."


@pytest.mark.parametrize(
    ("changed", "form", "said"),
    [
        ({}, "question-9", "question-1, question-2, question-3, statement-1"),
        ({}, "question", "no form question"),
        ({"language": "vi"}, "question-1", "no words in vi; it has: en, de"),
        ({"relation": "mayor"}, "question-1", "relation mayor; for: capital"),
        ({"relation": "../capital"}, "question-1", "no words for the relation"),
        ({"relation": None}, "question-1", "does not say its relation"),
        ({"subject": None}, "question-1", "does not say its relation and subject"),
    ],
)
def test_words_that_are_not_there(changed: dict[str, str | None], form: str, said: str) -> None:
    with pytest.raises(NoSuchForm, match=said):
        reword(replace(QUESTION, **changed), form)  # type: ignore[arg-type]


@pytest.mark.parametrize("relation", relations())
def test_every_relation_is_worded_in_every_language(relation: str) -> None:
    assert tuple(wordings(relation)) == written_languages()
    for language, words in wordings(relation).items():
        assert len(words.questions) >= 3, language
        assert len(words.statements) >= 3, language
        assert len(set(words.forms.values())) == len(words.forms), language
        for text in words.forms.values():
            assert text.count("{subject}") == 1, text
            assert text.replace("{subject}", "").count("{") == 0, text
        assert not [text for text in words.questions if BLANK in text]
        assert not [text for text in words.statements if text.count(BLANK) != 1]
        assert not [text for text in words.statements if text.index(BLANK) < text.index("{subject}")]


def test_a_relation_file_holds_nothing_else() -> None:
    for path in (Path(wording.__file__).parent / "relations").glob("*.toml"):
        for words in tomllib.loads(path.read_text(encoding="utf-8")).values():
            assert set(words) == {"questions", "statements"}, path.name
