"""What people ask in their own words: every usual phrasing means its relation and no other, and only as a whole."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.facts import phrasing
from engine.facts.phrasing import PLACE, AskedRelation, phrasings, relations_asked, subject_kind
from engine.facts.wording import relations, wordings, written_languages

ALL = [(name, tag, text) for name in relations() for tag, texts in phrasings(name).items() for text in texts]
SPACED = [known for known in ALL if known[1] not in ("zh", "ja")]
# Words that stand in no phrasing, and are no articles.
STRANGE = st.text(alphabet="bcdfghjkmnpqvwxz", min_size=4, max_size=8).filter(lambda word: "x" in word[1:])


def test_every_relation_has_phrasings_in_every_language() -> None:
    for relation in relations():
        assert tuple(phrasings(relation)) == written_languages(), relation
        assert all(texts for texts in phrasings(relation).values()), relation
        assert subject_kind(relation) in {"territory", "city", "language", "month", "weekday"}
    assert len(ALL) > 4000


def test_every_phrasing_holds_its_subject_once_and_no_mark_of_the_file() -> None:
    for relation, tag, text in ALL:
        assert text.count(PLACE) == 1, (relation, tag, text)
        assert not set(text.replace(PLACE, "")) & set("(){}|"), (relation, tag, text)


def test_every_phrasing_and_every_wording_means_its_relation_and_no_other() -> None:
    own = [(r, tag, text) for r in relations() for tag, words in wordings(r).items() for text in words.forms.values()]
    for relation, tag, text in ALL + own:
        assert relations_asked(text, tag) == (AskedRelation(relation, None),), (relation, tag, text)


@settings(deadline=None)
@given(st.sampled_from(SPACED), STRANGE, st.data())
def test_a_phrasing_with_a_word_more_means_nothing(known: tuple[str, str, str], word: str, data: st.DataObject) -> None:
    _, tag, text = known
    words = text.split()
    place = data.draw(st.integers(0, len(words)))
    assume(not any("'" in part for part in words[max(place - 1, 0) : place]))  # no word of its own ends there
    assert relations_asked(" ".join([*words[:place], word, *words[place:]]), tag) == ()


@settings(deadline=None)
@given(st.sampled_from(ALL), STRANGE)
def test_the_subject_of_a_whole_question_is_found(known: tuple[str, str, str], name: str) -> None:
    relation, tag, text = known
    assert AskedRelation(relation, name) in relations_asked(text.replace(PLACE, name), tag)


@settings(deadline=None)
@given(st.sampled_from(ALL))
def test_signs_case_and_blanks_make_no_difference(known: tuple[str, str, str]) -> None:
    relation, tag, text = known
    loud = f"  ¿{text.upper().replace(PLACE.upper(), PLACE)} ?! ".replace(" ", "  ")
    assert relations_asked(loud, tag) == (AskedRelation(relation, None),)


@pytest.mark.parametrize(
    ("question", "tag", "relation", "subject"),
    [
        ("What is the capital of {subject}?", "en", "capital", None),
        ("What’s the capital city of the {subject}", "en", "capital", None),
        ("{subject}'s capital", "en", "capital", None),
        ("What is the capital of the United States?", "en", "capital", "united states"),
        ("Wie heißt die Hauptstadt der Schweiz?", "de", "capital", "schweiz"),
        ("Was ist die Hauptstadt Frankreichs?", "de", "capital", "frankreich"),
        ("Quelle est la capitale de l’Italie ?", "fr", "capital", "italie"),
        ("Qual è la capitale degli {subject}?", "it", "capital", None),
        ("Jaka jest stolica {subject}?", "pl", "capital", None),
        ("Какая столица у страны {subject}?", "ru", "capital", None),
        ("ما هي عاصمة مصر؟", "ar", "capital", "مصر"),
        ("מהי בירת צרפת?", "he", "capital", "צרפת"),
        ("法国的首都是哪里？", "zh", "capital", "法国"),
        ("フランスの首都はどこですか？", "ja", "capital", "フランス"),
        ("In which country is {subject}?", "en", "city_country", None),
        ("What is the ISO currency code of {subject}?", "en", "currency_code", None),
        ("Which alphabet does {subject} use?", "en", "script", None),
    ],
)
def test_usual_words_are_understood(question: str, tag: str, relation: str, subject: str | None) -> None:
    assert AskedRelation(relation, subject) in relations_asked(question, tag)


@pytest.mark.parametrize(
    "question",
    [
        "What is the second-largest city of {subject}?",
        "What is the former capital of {subject}?",
        "What was the capital of {subject}?",
        "What is the capital letter of {subject}?",
        "What is the cultural capital of {subject}?",
        "Which river flows through {subject}?",
        "What language is spoken in {subject}?",
        "Is Nairobi the capital of {subject}?",
        "What is the capital of {subject} and of {subject}?",
        "What is the capital of the province of {subject}?",
        "",
        "{subject}",
    ],
)
def test_other_questions_are_not_taken_for_known_ones(question: str) -> None:
    assert relations_asked(question, "en") == ()


def test_a_phrasing_belongs_to_its_language() -> None:
    assert relations_asked("Was ist die Hauptstadt von {subject}?", "fr") == ()
    assert relations_asked("Which city is the capital of {subject}?", "vi") == ()


def test_a_phrasings_file_holds_nothing_else_and_says_nothing_twice() -> None:
    for path in (Path(phrasing.__file__).parent / "phrasings").glob("*.toml"):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        assert path.stem in relations() and set(file) == {"subject", *written_languages()}, path.name
        for tag in written_languages():
            texts = sorted(phrasings(path.stem)[tag])
            assert not [one for one, other in pairwise(texts) if one == other], (path.name, tag)


def test_an_unknown_relation_has_no_phrasings() -> None:
    for relation in ("mayor", "../capital"):
        with pytest.raises(KeyError):
            phrasings(relation)
