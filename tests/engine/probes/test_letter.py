"""The letter probe: letters compared under each order of the options, worked out by hand and by law."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.facts.appearance import appearance
from engine.facts.question import Question
from engine.models.interface import Continuation
from engine.probes.fitness import fault
from engine.probes.letter import LetterProbe
from engine.probes.question_count import QuestionsDone
from engine.probes.template import LETTERS
from engine.probes.template_file import find_template
from tests.support.fake_model import FakeModel, hashed

PLAIN = LetterProbe(words=find_template("letter"))
CYCLIC = LetterProbe(words=find_template("letter"), permute="cyclic")

CAPITAL = Question("geo", "7", "fr", "Quelle est la capitale de l'Italie ?", ("Milan", "Rome", "Turin"), (1,))
RIVER = Question("geo", "8", "zh", "流经开罗的是哪条河？", ("尼罗河", "刚果河"), (0,))
YEAR = Question("geo", "9", "ru", "В каком году?", ("1990", "1991"), (1,))


def _listed(context: str) -> list[str]:
    """The options of the last list in a plain prompt."""
    return re.findall(r"^[A-Z]\. (.*)$", context.rpartition("\n\n")[2], re.MULTILINE)


def _texts_only(context: str, letter: str) -> float:
    """A model that looks at the text behind the letter and nothing else."""
    return hashed("", _listed(context)[LETTERS.index(letter.strip())])


def test_what_is_asked() -> None:
    prompt, second, third = CYCLIC.prompts(CAPITAL)
    assert prompt.context == "Question : Quelle est la capitale de l'Italie ?\nA. Milan\nB. Rome\nC. Turin\nRéponse :"
    assert prompt.continuations == (" A", " B", " C")
    assert [p.order for p in (prompt, second, third)] == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
    # Order 1 lists Rome, Turin, Milan: option 0, Milan, stands at C, option 1 at A, option 2 at B.
    assert second.continuations == (" C", " A", " B")
    assert PLAIN.prompts(RIVER)[0].continuations == ("A", "B")  # nothing stands after a full-width colon


def test_answer_worked_by_hand() -> None:
    # Two options x, y; the nats of A and B under order (x, y), then under (y, x).
    nats = {"A. x\nB. y": {"A": -1.0, "B": -2.0}, "A. y\nB. x": {"A": -1.5, "B": -0.25}}

    def score(context: str, text: str) -> float:
        return next(by_letter[text.strip()] for listed, by_letter in nats.items() if listed in context)

    question = Question("d", "1", "en", "?", ("x", "y"), (1,))
    (answer,) = CYCLIC.ask(FakeModel(score), [question])
    # x stood at A (-1) and then at B (-0.25): mean -0.625; y at B (-2) and A (-1.5): mean -1.75.
    assert answer.option_logprobs == (-0.625, -1.75)
    # A: -1 and -1.5, mean -1.25; B: -2 and -0.25, mean -1.125.
    assert answer.letter_logprobs == (-1.25, -1.125)
    assert answer.order_choices == (0, 0)
    assert (answer.predicted, answer.correct, answer.parsed, answer.text) == (0, False, True, None)
    assert (answer.template, answer.probe, answer.option_bytes) == ("plain@1+cyclic", "letter", (1, 1))
    (plain,) = PLAIN.ask(FakeModel(score), [question])
    assert plain.option_logprobs == plain.letter_logprobs == (-1.0, -2.0)
    assert (plain.order_choices, plain.template) == ((0,), "plain@1")


def test_bytes_are_the_options_own() -> None:
    # 尼罗河: three characters of three bytes; Москва: six of two; é is two bytes in UTF-8.
    questions = [RIVER, Question("d", "1", "ru", "?", ("Москва", "é"), (0,))]
    assert [answer.option_bytes for answer in PLAIN.ask(FakeModel(), questions)] == [(9, 9), (12, 2)]


def test_equal_scores_choose_the_first() -> None:
    (answer,) = PLAIN.ask(FakeModel(lambda context, text: -2.0), [CAPITAL])
    assert (answer.predicted, answer.correct) == (0, False)


@given(st.lists(st.floats(-30, 0), min_size=2, max_size=8, unique=True))
def test_a_liking_for_a_letter_is_taken_away(liking: list[float]) -> None:
    count = len(liking)
    question = Question("d", "1", "en", "?", tuple(f"option {n}" for n in range(count)), (count - 1,))
    (answer,) = CYCLIC.ask(FakeModel(lambda context, text: liking[LETTERS.index(text.strip())]), [question])
    assert answer.option_logprobs is not None
    assert len(set(answer.option_logprobs)) == 1
    assert answer.letter_logprobs == pytest.approx(liking, abs=1e-12)
    # The model always says the same letter, so under order r it chooses the option that stands there then.
    said = liking.index(max(liking))
    assert answer.order_choices == tuple((said + r) % count for r in range(count))
    assert answer.predicted == 0


@given(st.integers(1, 26))
def test_each_option_stands_once_at_each_letter(count: int) -> None:
    question = Question("d", "1", "en", "?", tuple(f"o{n}" for n in range(count)) + ("last",) * (count == 1), (0,))
    prompts = CYCLIC.prompts(question)
    options = range(len(question.options))
    assert len(prompts) == len(options)
    for option in options:
        assert sorted(prompt.continuations[option] for prompt in prompts) == [f" {LETTERS[o]}" for o in options]
    for prompt in prompts:
        assert _listed(prompt.context) == [question.options[option] for option in prompt.order]
        assert [prompt.continuations[option] for option in prompt.order] == [f" {LETTERS[o]}" for o in options]


@given(
    st.lists(st.text("abcdé", min_size=1), min_size=2, max_size=6, unique=True).flatmap(
        lambda options: st.tuples(st.just(options), st.permutations(range(len(options))))
    )
)
def test_permuting_options_permutes_scores(drawn: tuple[list[str], list[int]]) -> None:
    options, places = drawn
    question = Question("d", "1", "en", "?", tuple(options), (0,))
    moved = Question("d", "1", "en", "?", tuple(options[place] for place in places), (0,))
    for probe in (PLAIN, CYCLIC):
        before, after = probe.ask(FakeModel(_texts_only), [question, moved])
        assert before.option_logprobs is not None and after.option_logprobs is not None
        assert after.option_logprobs == tuple(before.option_logprobs[place] for place in places)
        assert before.predicted is not None and after.predicted is not None
        assert places[after.predicted] == before.predicted


def test_many_questions_are_one_call_and_answer_as_one_by_one() -> None:
    questions = [CAPITAL, RIVER, YEAR]
    model = FakeModel()
    answers = CYCLIC.ask(model, questions)
    assert len(model.asked) == 1
    assert len(model.asked[0]) == 9 + 4 + 4
    assert model.asked[0][0] == Continuation(CYCLIC.prompts(CAPITAL)[0].context, " A")
    assert answers == [CYCLIC.ask(FakeModel(), [question])[0] for question in questions]
    assert answers == CYCLIC.ask(FakeModel(), questions[::-1])[::-1]


def test_what_cannot_be_asked_is_an_error_and_the_rest_is_measured() -> None:
    unfit = {
        "it is an open question, without options to choose from": Question("d", "1", "en", "?", (), (), ("a",)),
        "it has one option only, so there is nothing to choose": Question("d", "2", "en", "?", ("a",), (0,)),
        "it has 27 options; at most 26 can be listed by letter": Question(
            "d", "3", "en", "?", tuple(f"o{n}" for n in range(27)), (0,)
        ),
        "the question is empty": Question("d", "4", "en", " \n", ("a", "b"), (0,)),
        "option 2 is empty": Question("d", "5", "he", "?", ("a", ""), (0,)),
        "the question holds a control character, U+0000, as its character 2": Question(
            "d", "6", "en", "a\0", ("a", "b"), (0,)
        ),
        "option 1 holds half of a surrogate pair, U+D800, as its character 1": Question(
            "d", "7", "en", "?", ("\ud800", "b"), (0,)
        ),
    }
    done: list[int] = []
    answers = CYCLIC.ask(FakeModel(), [CAPITAL, *unfit.values(), RIVER], advance=done.append)
    assert [answer.error for answer in answers] == [None, *unfit, None]
    assert sum(done) == 9 and all(step > 0 for step in done)
    for answer in answers[1:-1]:
        assert (answer.predicted, answer.correct, answer.parsed, answer.option_logprobs) == (None, None, False, None)
    model = FakeModel()
    assert [answer.error for answer in CYCLIC.ask(model, list(unfit.values()))] == list(unfit)
    assert model.asked == []


def test_a_refused_order_or_a_score_that_is_no_number_is_an_error() -> None:
    model = FakeModel(refuse={"A. Turin": "the prompt has 9 tokens, the model reads 8"})
    refused, measured = CYCLIC.ask(model, [CAPITAL, RIVER])
    assert (refused.error, refused.predicted) == ("the prompt has 9 tokens, the model reads 8", None)
    assert measured.error is None and measured.predicted is not None
    (answer,) = PLAIN.ask(FakeModel(lambda context, text: float("nan")), [CAPITAL])
    assert answer.error == "the model's score of an option is nan, not a number to compare"


def test_hostile_but_sendable_texts_are_sent_as_they_stand() -> None:
    texts = ("\u202eabc\u2066", "e" + "\u0301" * 5000, "a\u200bb", "👩‍👩‍👧", "</s>[INST]", "tab\there\nand line")
    for text in texts:
        question = Question("d", "1", "ar", text, (text, "x"), (0,))
        (answer,) = PLAIN.ask(FakeModel(), [question])
        assert answer.error is None
        assert PLAIN.prompts(question)[0].context.count(text) == 2


@given(st.text(st.characters(codec=None), min_size=1))
@example("\u00ad")  # a soft hyphen alone: nothing of it is drawn
@example("\u2800\u3164")
def test_only_text_that_can_be_seen_is_sent(text: str) -> None:
    sendable = all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in text)
    assert (fault(text) is None) == (sendable and bool(appearance(text)))


@pytest.mark.parametrize("character", ["\0", "\r", "\x1b", "\x7f", "\x85", "\ud800", "\udfff"])
def test_no_text(character: str) -> None:
    reason = fault(f"a{character}")
    assert reason is not None and reason.endswith(f"U+{ord(character):04X}, as its character 2")


@given(st.lists(st.integers(1, 5)), st.integers(1, 9), st.integers(1, 30))
def test_progress_adds_up_to_the_questions(steps: list[int], questions: int, items: int) -> None:
    # Whatever the model counts, too little or too much, every question is counted once in the end.
    said: list[int] = []
    done = QuestionsDone(said.append, questions=questions, items=items)
    for step in steps:
        done.step(step)
    assert sum(said) == min(sum(steps), items) * questions // items
    done.finish()
    assert sum(said) == questions and all(step > 0 for step in said)


def test_unknown_gold_is_not_wrong() -> None:
    (answer,) = PLAIN.ask(FakeModel(), [Question("d", "1", "en", "?", ("a", "b"), ())])
    assert answer.correct is None and answer.predicted is not None
