"""One fact as JSON: what is taken, what is refused and how it is said, and how answers are shown."""

import json
import math
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.live.fact.problems import UnfitFact
from engine.live.fact.questions import fact_questions, read_fact
from engine.live.protocol.answer_message import answer_message, pieces_message
from engine.live.protocol.messages import OptionScore
from engine.live.protocol.option_scores import deciding, margin, softmax
from engine.live.protocol.settings import ProbeSettings, probe_of
from tests.support.fake_model import FakeModel
from tests.support.probe_settings import probe_settings

FACT: dict[str, Any] = {
    "relation": "capital",
    "texts": {
        "en": {"question": "What is the capital of France?", "options": ["Paris", "Rome"]},
        "de": {"question": "Was ist die Hauptstadt von Frankreich?", "options": ["Paris", "Rom"]},
        "he": {"question": "מהי בירת צרפת?", "options": ["פריז", "רומא"]},
    },
    "gold": [0],
}


def _fact(**changes: Any) -> bytes:
    return json.dumps(FACT | changes).encode()


def _english(**changes: Any) -> bytes:
    return _fact(texts=FACT["texts"] | {"en": FACT["texts"]["en"] | changes})


def _problems(data: bytes) -> str:
    with pytest.raises(UnfitFact) as refused:
        fact_questions(read_fact(data))
    return str(refused.value)


def test_a_fact_becomes_a_question_in_each_language() -> None:
    questions = fact_questions(read_fact(_fact()))
    assert [question.language for question in questions] == ["en", "de", "he"]
    assert {question.dataset for question in questions} == {"live"}
    assert len({question.fact_id for question in questions}) == 1
    assert questions[1].options == ("Paris", "Rom")
    assert questions[1].gold == (0,)
    assert questions[1].relation == "capital"


def test_the_id_follows_from_the_content_alone() -> None:
    def id_of(data: bytes) -> str:
        return fact_questions(read_fact(data))[0].fact_id

    assert id_of(_fact()) == id_of(json.dumps(FACT, indent=3).encode())
    # composed and decomposed, with white space at an end: the same text
    assert id_of(_english(question="Où?")) == id_of(_english(question=" Ou\u0300?\n"))
    assert len({id_of(_fact()), id_of(_fact(gold=[1])), id_of(_english(question="Capital of France?"))}) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff", "not UTF-8, at byte 1"),
        (b"{", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "must be an object"),
        (b" " * 3_000_000, "3,000,000 bytes, at most 2,097,152"),
        (b'{"texts": {"en": {"question": "a"}, "en": {"question": "b"}}}', "'en' stands there twice"),
        (_fact(texts={}), "there is no language"),
        (_fact(more=1), "more: is no part of a fact"),
        (_fact(gold=["0"]), "gold 1: must be a whole number"),
        (_fact(gold=[2]), "gold: names option 2 (from 0), but there are 2 options"),
        (_fact(gold=[-1]), "gold: names option -1"),
        (_fact(gold=[0, 0]), "gold: names an option twice"),
        (_fact(texts={"xx-nope": {"question": "a"}}, gold=[]), 'xx-nope: "xx-nope" is no language'),
        (_fact(texts={"zh": {"question": "a"}, "ZH_trans": {"question": "b"}}, gold=[]), "the same language as zh"),
        (_english(question=""), "en, question: is empty"),
        (_english(question="  \n"), "en, question: is empty"),
        (_english(question=7), "en, question: must be a text"),
        (_english(question="x" * 1_000_000), "en, question: has 1,000,000 characters, at most 2,000"),
        (_english(question="a\0b"), "en, question: holds a control character, U+0000, as its character 2"),
        (_english(question="a\ud800"), "en, question: holds half of a surrogate pair, U+D800, as its character 2"),
        (_english(options=["Paris", ""]), "en, option 2: is empty"),
        (_english(options=["Paris", "Paris "]), "en, option 2: is the same as option 1"),
        (_english(options=["New York", "New\u00a0York\u200e"]), "en, option 2: is the same as option 1"),
        (_english(options=["Paris", "\u200b"]), "en, option 2: is empty"),
        (_english(question="\u2060"), "en, question: is empty"),
        (_english(options=["Paris"] * 100), "en: has 100 options, at most 26"),
        (_english(options=["Paris", "Rome", "Oslo"]), "their numbers differ: en 3, de 2, he 2"),
        (_english(options=[]), "their numbers differ: en 0, de 2, he 2"),
        (_fact(texts={"en": {"question": "a", "options": ["b"]}}, gold=[0]), "en: has one option only"),
    ],
)
def test_what_cannot_be_asked_is_named_by_its_cell(data: bytes, said: str) -> None:
    assert said in _problems(data)


def test_every_problem_is_told() -> None:
    with pytest.raises(UnfitFact) as refused:
        fact_questions(read_fact(_english(question="", options=["a\x07", "b"])))
    assert [(p.language, p.cell) for p in refused.value.problems] == [("en", "question"), ("en", "option 1")]


@pytest.mark.parametrize(
    "text",
    [
        "\u202eabc\u2066",
        "a\u200bb",
        "e" + "\u0301" * 1_500,
        "👨‍👩‍👧‍👦",
        "{question} {options} {0.__class__} %s",
        "</s> [INST]",
        "ᏣᎳᎩ",
    ],
)
def test_odd_text_is_asked_as_it_stands(text: str) -> None:
    questions = fact_questions(read_fact(_english(question=text)))
    model = FakeModel()
    answers = probe_of(ProbeSettings()).ask(model, questions)
    assert all(answer.error is None for answer in answers)
    assert any(questions[0].text in asked.context for asked in model.asked[0])


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(sorted(FACT)), inner),
    max_leaves=8,
)
_ANY_TEXT = st.text(st.characters(codec=None), max_size=30) | st.text("\ud800\udc00\0\n\u202e é{}", max_size=8)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.one_of(_ANY_JSON.map(json.dumps), _ANY_TEXT.map(lambda text: _english(question=text).decode())))
def test_whatever_comes_is_a_question_or_a_named_refusal(written: str) -> None:
    try:
        questions = fact_questions(read_fact(written.encode("utf-8", "surrogatepass")))
    except UnfitFact as refused:
        assert refused.problems
        str(refused).encode()  # can be shown
        return
    answers = probe_of(ProbeSettings(probe="generation" if not questions[0].options else "letter")).ask(
        FakeModel(), questions
    )
    assert len(answers) == len(questions)
    assert all(answer.error is None for answer in answers if answer.question.options)


_ODD = st.sampled_from(
    [
        "\ud800",
        "\0",
        "\u202e",
        "{question}",
        "{",
        "</s>",
        "ᏣᎳᎩ",
        "👨‍👩‍👧‍👦",
        "e\u0301",
        " ",
        "\n",
        "\u200b",
        "x" * 2_500,
    ]
)
_CELL = st.lists(_ODD | st.text(st.characters(codec=None), max_size=5), max_size=4).map("".join)
_TEXTS = st.fixed_dictionaries(
    {"question": _CELL, "options": st.lists(_CELL, max_size=4) | st.just(["a"] * 100)},
    optional={"subject": st.none() | _CELL, "answers": st.lists(_CELL, max_size=2)},
)
_FACTS = st.fixed_dictionaries(
    {"texts": st.dictionaries(st.sampled_from(["en", "he", "zh", "en_US", "x-none", "\ud800"]), _TEXTS, max_size=3)},
    optional={"relation": st.none() | _CELL, "gold": st.lists(st.integers(-1, 4), max_size=2)},
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(_FACTS)
def test_whatever_stands_in_the_cells_is_asked_as_it_stands_or_named(fact: dict[str, Any]) -> None:
    try:
        questions = fact_questions(read_fact(json.dumps(fact).encode()))
    except UnfitFact as refused:
        assert refused.problems
        str(refused).encode()
        return
    cells = {tag: [texts["question"], *texts["options"]] for tag, texts in fact["texts"].items()}
    assert len(questions) == len(cells)
    for question, (asked, *options) in zip(questions, cells.values(), strict=True):
        # Unicode's composed form, without white space around it; nothing else is done to a text
        assert question.text == unicodedata.normalize("NFC", asked.replace("\r\n", "\n").strip())
        assert len(question.options) == len(options) <= 26
        assert len(set(question.options)) == len(options)
    if questions[0].options:
        for asking in (ProbeSettings(), ProbeSettings(probe="cloze"), probe_settings(permute="cyclic")):
            probe = probe_of(asking)
            for answer in probe.ask(FakeModel(), questions):
                told = answer_message(answer, probe)
                assert math.fsum(option.probability or 0 for option in told.options) == pytest.approx(1)
                assert type(told).from_json(told.to_json()) == told


def test_the_margin_is_between_the_best_right_and_the_best_wrong_option() -> None:
    assert margin((-1.0, -3.0, -2.5), (0,)) == pytest.approx(1.5)  # -1 - -2.5
    assert margin((-1.0, -3.0, -2.5), (1, 2)) == pytest.approx(-1.5)  # -2.5 - -1
    assert margin((-1.0, -3.0), ()) is None
    assert margin((-1.0, -3.0), (0, 1)) is None


def test_a_margin_goes_by_what_decided() -> None:
    for choose_by in ("sum", "byte", "character", "token", "pmi"):
        probe = probe_of(probe_settings("cloze", choose_by=choose_by))
        for answer in probe.ask(FakeModel(), fact_questions(read_fact(_fact()))):
            right, wrong = (
                deciding(
                    answer.option_logprobs,
                    choose_by=choose_by,
                    texts=answer.question.options,
                    bytes=answer.option_bytes,
                    tokens=answer.option_tokens,
                    alone=answer.option_unconditional,
                )
                or ()
            )
            margin = answer_message(answer, probe).margin
            assert margin == pytest.approx(right - wrong)
            assert ((margin or 0) > 0) == answer.correct


def test_probabilities_are_shares_of_exponentials() -> None:
    # e^0 : e^ln3 = 1 : 3
    assert softmax((0.0, math.log(3))) == pytest.approx((0.25, 0.75))
    assert softmax((-1e6, -1e6 - math.log(4))) == pytest.approx((0.8, 0.2))


@pytest.mark.parametrize(
    "asking",
    [
        ProbeSettings(),
        probe_settings(permute="cyclic"),
        probe_settings("cloze", unconditional=True),
        *(probe_settings("cloze", choose_by=choose_by) for choose_by in ("sum", "byte", "character", "token", "pmi")),
    ],
    ids=str,
)
def test_the_option_that_decided_is_the_most_probable(asking: ProbeSettings) -> None:
    probe = probe_of(asking)
    for answer in probe.ask(FakeModel(), fact_questions(read_fact(_fact()))):
        told = answer_message(answer, probe)
        probabilities = [option.probability or 0.0 for option in told.options]
        assert math.fsum(probabilities) == pytest.approx(1)
        assert max(range(2), key=probabilities.__getitem__) == told.predicted == answer.predicted
        assert told.probability == max(probabilities)
        assert [option.logprob for option in told.options] == list(answer.option_logprobs or ())


def test_what_was_not_measured_is_null() -> None:
    probe = probe_of(ProbeSettings(probe="generation"))
    (answer, *_) = probe.ask(FakeModel(say=lambda _: "Rome"), fact_questions(read_fact(_fact())))
    told = answer_message(answer, probe)
    assert (told.margin, told.prompts, told.tokens, told.seconds, told.probability) == (None, (), None, None, None)
    assert pieces_message(answer).orders == ()
    assert told.options[0] == OptionScore(text="Paris", logprob=None, probability=None, merged=False)
    assert (told.predicted, told.text) == (1, "Rome")
