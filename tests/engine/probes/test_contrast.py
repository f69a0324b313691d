"""Cloze by contrast: an option's likelihood held against its mean over other subjects of the relation."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts.question import Question
from engine.probes.cloze import ClozeProbe
from engine.probes.contrast import Others, log_mean
from engine.probes.template_file import find_template
from tests.support.fake_model import FakeModel


def question(fact: str, subject: str, *, language: str = "en", relation: str | None = "capital") -> Question:
    return Question(
        dataset="world", fact_id=fact, language=language, text=f"Capital of {subject}?", options=("Oslo", "Rome"),
        gold=(1 if subject == "Italy" else 0,), relation=relation, subject=subject,
    )  # fmt: skip


NORWAY, ITALY, PERU = question("1", "Norway"), question("2", "Italy"), question("3", "Peru")
ALL = [NORWAY, ITALY, PERU, question("1", "Norwegen", language="de"), question("9", "Mars", relation="moon")]


def probe(questions: list[Question] = ALL) -> ClozeProbe:
    return ClozeProbe(words=find_template("cloze", "bare"), choose_by="contrast", others=Others(questions))


def test_by_hand() -> None:
    # The model loves Oslo: P(Oslo) .5, .4, .6 and P(Rome) .1, .3, .1 after Norway, Italy, Peru.
    likely = {"Norway": (0.5, 0.1), "Italy": (0.4, 0.3), "Peru": (0.6, 0.1)}

    def score(context: str, text: str) -> float:
        pair = next(pair for subject, pair in likely.items() if subject in context)
        return math.log(pair[text == " Rome"])

    norway, italy, _ = probe().ask(FakeModel(score=score), [NORWAY, ITALY, PERU])
    # Norway: Oslo .5 against (.4 + .6) / 2 = .5, ratio 1; Rome .1 against (.3 + .1) / 2 = .2, ratio .5
    assert norway.option_unconditional == pytest.approx((math.log(0.5), math.log(0.2)))
    assert (norway.predicted, norway.correct, norway.template) == (0, True, "bare@1+contrast")
    # Italy: Oslo .4 against (.5 + .6) / 2 = .55, ratio .73; Rome .3 against .1, ratio 3. By the sum it would be Oslo.
    assert italy.option_logprobs == pytest.approx((math.log(0.4), math.log(0.3)))
    assert (italy.predicted, italy.correct) == (1, True)


def test_only_other_subjects_of_the_relation_in_the_language_count() -> None:
    assert {q.fact_id for q in Others(ALL).of(NORWAY)} == {"2", "3"}
    twin = question("4", "Norway")  # another fact about the same subject
    assert {q.fact_id for q in Others([*ALL, twin]).of(NORWAY)} == {"2", "3"}
    assert len(Others([question(str(n), f"land {n}") for n in range(40)]).of(NORWAY)) == 16


def test_every_language_gets_the_same_subjects() -> None:
    english = [question(str(n), f"land {n}") for n in range(40)]
    german = [question(str(n), f"Land {n}", language="de") for n in range(40)]
    others = Others(english + german)
    assert [q.fact_id for q in others.of(english[0])] == [q.fact_id for q in others.of(german[0])]


def test_a_fact_without_others_says_so() -> None:
    (answer,) = probe().ask(FakeModel(), [question("9", "Mars", relation="moon")])
    assert answer.correct is None and answer.error and "no other subject of its relation" in answer.error
    (answer,) = probe().ask(FakeModel(), [question("5", "Chad", relation=None)])
    assert answer.error and "no other subject" in answer.error


@given(st.lists(st.floats(-700, 0), min_size=1, max_size=9))
def test_log_mean(nats: list[float]) -> None:
    assert min(nats) - 1e-9 <= log_mean(nats) <= max(nats) + 1e-9
    assert log_mean([nats[0]] * 3) == pytest.approx(nats[0])
