"""Wrong answers: drawn from the relation, the same for the same seed, different in every language, never true."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app_pages.live.typing.distractors import KnownFact, known_facts, mentions, propose

# country, capital in English and in German
CAPITALS = {
    "Poland": ("Polen", "Warsaw", "Warschau"),
    "Italy": ("Italien", "Rome", "Rom"),
    "France": ("Frankreich", "Paris", "Paris"),
    "Bolivia": ("Bolivien", "La Paz", "La Paz"),
    "Japan": ("Japan", "Tokyo", "Tokio"),
    "Egypt": ("Ägypten", "Cairo", "Kairo"),
}
FACTS = [
    KnownFact({"en": country, "de": german}, {"en": capital, "de": hauptstadt})
    for country, (german, capital, hauptstadt) in CAPITALS.items()
]


def english(facts: list[KnownFact], **more: object) -> list[str]:
    settings: dict[str, object] = {"about": "Poland", "answer": "Warsaw", "language": "en", "needed": ["en", "de"]}
    proposal = propose(facts, **(settings | more))  # type: ignore[arg-type]
    assert proposal is not None
    assert proposal.options[proposal.gold]["en"] == (settings | more)["answer"]
    return [names["en"] for names in proposal.options]


@given(st.integers(0, 200))
def test_a_proposal_is_four_different_answers_of_the_relation(seed: int) -> None:
    options = english(FACTS, seed=seed)
    assert len(set(options)) == 4
    assert set(options) <= {capital for _, capital, _ in CAPITALS.values()}
    assert options == english(FACTS, seed=seed)


def test_another_seed_draws_others_and_puts_the_right_one_elsewhere() -> None:
    drawn = {tuple(english(FACTS, seed=seed)) for seed in range(20)}
    assert len(drawn) > 10
    assert {options.index("Warsaw") for options in drawn} == {0, 1, 2, 3}


def test_what_the_store_holds_true_of_the_subject_is_never_offered() -> None:
    """Bolivia has two capitals here: with the one as the answer, the other is no wrong one."""
    sucre = KnownFact({"en": "Bolivia", "de": "Bolivien"}, {"en": "Sucre", "de": "Sucre"})
    for seed in range(30):
        assert "La Paz" not in english([*FACTS, sucre], about="Bolivia", answer="Sucre", seed=seed)


def test_what_cldr_holds_true_of_the_subject_is_never_offered() -> None:
    """Switzerland is no subject of the store; that German is spoken there CLDR says."""
    names = ["German", "French", "Italian", "Polish", "Japanese", "Finnish"]
    facts = [KnownFact({"en": f"Land {name}"}, {"en": name}) for name in names]
    for seed in range(30):
        options = english(facts, about="Switzerland", answer="Romansh", needed=["en"], seed=seed)
        assert set(options) == {"Romansh", "Polish", "Japanese", "Finnish"}


def test_options_that_two_languages_call_alike_do_not_stand_together() -> None:
    """German has one word for these two, so that only one of them may stand beside the answer."""
    facts = [KnownFact({"en": f"s{i}"}, {"en": f"bank {i}", "de": "Bank" if i < 5 else f"Ufer {i}"}) for i in range(8)]
    for seed in range(20):
        proposal = propose(facts, about="x", answer="money", language="en", needed=["en", "de"], seed=seed)
        assert proposal is not None
        german = [names["de"] for names in proposal.options if "de" in names]
        assert len(set(german)) == len(german) == 3  # of the answer nobody knows the German word


def test_too_few_answers_are_no_proposal() -> None:
    assert propose(FACTS[:3], about="Poland", answer="Warsaw", language="en", needed=["en"]) is None


def test_a_subject_that_the_store_does_not_know_is_said() -> None:
    known = propose(FACTS, about="What is the capital of Poland?", answer="Warsaw", language="en", needed=["en"])
    unknown = propose(FACTS, about="Atlantis", answer="Warsaw", language="en", needed=["en"])
    assert known is not None and known.is_checked
    assert unknown is not None and not unknown.is_checked


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("the capital of Niger", "Niger", True),
        ("the capital of Nigeria", "Niger", False),
        ("尼日利亚的首都", "尼日利亚", True),  # no blanks between words
        ("¿POLONIA?", "Polonia", True),
        ("anything", "", False),
    ],
)
def test_a_text_mentions_a_name_as_a_word(text: str, name: str, found: bool) -> None:
    assert mentions(text, name) is found


def test_facts_are_read_by_language() -> None:
    rows = pd.DataFrame(
        [("1", "en", "Poland", "Warsaw"), ("1", "de", None, "Warschau"), ("2", "en", "Italy", "Rome")],
        columns=["fact_id", "language", "subject", "answer"],
    )
    assert known_facts(rows) == [
        KnownFact({"en": "Poland"}, {"en": "Warsaw", "de": "Warschau"}),
        KnownFact({"en": "Italy"}, {"en": "Rome"}),
    ]
