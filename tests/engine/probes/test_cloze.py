"""The cloze probe: options as continuations of questions and of statements with a blank."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lm_eval.api.task import ConfigurableTask, TaskConfig

from engine.facts.question import BLANK, Question
from engine.models.interface import Continuation, Loglikelihood
from engine.probes.cloze import ChooseBy, ClozeProbe
from engine.probes.template_file import built_in, find_template
from tests.support.fake_model import FakeModel

PLAIN = ClozeProbe(words=find_template("cloze"))
BARE = ClozeProbe(words=find_template("cloze", "bare"))
DIALOGUE = ClozeProbe(words=find_template("cloze", "dialogue"))

BORN = Question("birth", "1", "en", f"Ada was born in {BLANK}.", ("London", "Rome"), (0,))
BORN_ZH = Question("birth", "1", "zh", f"阿达出生于{BLANK}。", ("伦敦", "罗马"), (0,))
CAPITAL = Question("geo", "2", "de", "Wie heißt die Hauptstadt?", ("Rom", "Oslo"), (1,))
CAPITAL_JA = Question("geo", "2", "ja", "首都はどこですか？", ("ローマ", "オスロ"), (1,))


def _sent(probe: ClozeProbe, question: Question) -> tuple[str, tuple[str, ...]]:
    (prompt,) = probe.prompts(question)
    assert prompt.order == ()
    return prompt.context, prompt.continuations


def test_questions() -> None:
    assert _sent(PLAIN, CAPITAL) == ("Frage: Wie heißt die Hauptstadt?\nAntwort:", (" Rom", " Oslo"))
    assert _sent(PLAIN, CAPITAL_JA) == ("質問：首都はどこですか？\n答え：", ("ローマ", "オスロ"))
    assert _sent(BARE, CAPITAL) == ("Wie heißt die Hauptstadt?", (" Rom", " Oslo"))
    assert _sent(DIALOGUE, CAPITAL) == ("Nutzer: Wie heißt die Hauptstadt?\nAssistent:", (" Rom", " Oslo"))


def test_statements() -> None:
    # The space before the blank goes to the option, where tokenizers want it; Chinese has none.
    assert _sent(PLAIN, BORN) == ("Ada was born in", (" London.", " Rome."))
    assert _sent(PLAIN, BORN_ZH) == ("阿达出生于", ("伦敦。", "罗马。"))
    assert _sent(DIALOGUE, BORN)[0] == "User: Complete the sentence.\nAssistant: Ada was born in"
    begins = Question("geo", "3", "it", "_____ è la capitale; ___ no.", ("Roma", "Oslo"), (0,))
    assert _sent(PLAIN, begins) == ("", ("Roma è la capitale; ___ no.", "Oslo è la capitale; ___ no."))
    assert _sent(DIALOGUE, begins)[1][0] == " Roma è la capitale; ___ no."


@given(st.text("a \n{}_é口", max_size=12), st.text("b ._", max_size=6), st.text("cd{}", min_size=1, max_size=5))
def test_prompt_and_continuation_are_the_statement_with_its_blank_filled(before: str, rest: str, option: str) -> None:
    before, rest = before.replace("_", ""), rest.lstrip("_")
    question = Question("d", "1", "und", before + BLANK + rest, (option, "x"), (0,))
    for shots in (0, 2):
        probe = ClozeProbe(words=find_template("cloze"), shots=shots)
        context, continuations = _sent(probe, question)
        assert (context + continuations[0]).endswith(before + option + rest)
        assert shots or context + continuations[0] == before + option + rest
        assert context == context.rstrip()


def test_examples_stand_above() -> None:
    context, continuations = _sent(ClozeProbe(words=find_template("cloze"), shots=2), CAPITAL)
    assert context == (
        "Frage: Wie viele Tage hat eine Woche?\nAntwort: sieben\n\n"
        "Frage: Welches Tier bellt?\nAntwort: Hund\n\n"
        "Frage: Wie heißt die Hauptstadt?\nAntwort:"
    )
    assert continuations == (" Rom", " Oslo")


def test_in_a_chat_the_answer_begins_the_turn() -> None:
    model = FakeModel(frame=("<user>", "</user>\n"))
    ClozeProbe(words=find_template("cloze"), chat=True).ask(model, [BORN])
    turn = "Ada was born in"
    assert model.asked == [(Continuation(turn, "London.", chat=True), Continuation(turn, "Rome.", chat=True))]


@pytest.mark.parametrize(
    ("choose_by", "predicted", "template"),
    # " Rom": -4 nats, 4 bytes, 4 tokens, -3 alone; " Oslö": -4.5 nats, 6 bytes (ö has two), 5 tokens, -9 alone.
    # sum: -4 > -4.5. byte: -4/4 = -1 < -4.5/6 = -0.75. token: -1 < -4.5/5 = -0.9. pmi: -4 + 3 = -1 < -4.5 + 9 = 4.5.
    # character, of the option alone: -4/3 = -1.33 < -4.5/4 = -1.125.
    [
        ("sum", 0, "plain@1"),
        ("byte", 1, "plain@1+byte"),
        ("character", 1, "plain@1+character"),
        ("token", 1, "plain@1+token"),
        ("pmi", 1, "plain@1+pmi"),
    ],
)
def test_five_ways_to_choose(choose_by: ChooseBy, predicted: int, template: str) -> None:
    nats = {(True, " Rom"): -4.0, (True, " Oslö"): -4.5, (False, " Rom"): -3.0, (False, " Oslö"): -9.0}
    question = Question("geo", "2", "de", "Wie heißt die Hauptstadt?", ("Rom", "Oslö"), (1,))
    model = FakeModel(lambda context, text: nats[context != "", text])
    (answer,) = ClozeProbe(words=find_template("cloze"), choose_by=choose_by).ask(model, [question])
    assert (answer.predicted, answer.correct, answer.template) == (predicted, predicted == 1, template)
    assert answer.option_logprobs == (-4.0, -4.5)
    assert (answer.option_bytes, answer.option_tokens) == ((4, 6), (4, 5))
    assert answer.option_unconditional == ((-3.0, -9.0) if choose_by == "pmi" else None)
    assert (answer.parsed, answer.letter_logprobs, answer.order_choices) == (True, None, None)


def test_bytes_and_tokens_are_not_the_same() -> None:
    # " ab": -3 nats, 3 bytes, 3 tokens; " é": -2.2 nats, 3 bytes, 2 tokens. byte: -1 < -0.73; token: -1 > -1.1.
    question = Question("d", "1", "fr", "?", ("ab", "é"), (0,))
    words, nats = find_template("cloze"), {" ab": -3.0, " é": -2.2}
    probes = [ClozeProbe(words=words, choose_by="byte"), ClozeProbe(words=words, choose_by="token")]
    assert [probe.ask(FakeModel(lambda _, text: nats[text]), [question])[0].predicted for probe in probes] == [1, 0]


@pytest.mark.parametrize(
    ("question", "nats", "by_byte", "by_character"),
    [
        # " ab": 3 bytes, "ab": 2 characters; " ééé": 7 bytes, 3 characters. byte: -1 < -.57; character: -1.5 > -1.33.
        (Question("d", "1", "fr", "?", ("ab", "ééé"), (0,)), (-3.0, -4.0), 1, 1),
        # 北 3 bytes, 1 character; abc, 3 of both, without a space in Chinese. byte: -1 > -1.33; character: -3 < -1.33.
        (Question("d", "2", "zh", "?", ("北", "abc"), (0,)), (-3.0, -4.0), 0, 1),
        # what follows the blank counts in bytes alone: " a is." 6, " bcd is." 8: -1 < -.875; character: -6 < -2.33
        (Question("d", "3", "en", f"It {BLANK} is.", ("a", "bcd"), (0,)), (-6.0, -7.0), 1, 1),
        # " a." 3, " bcde." 6: -1 > -1.17; character: -3 < -1.75
        (Question("d", "4", "en", f"It is {BLANK}.", ("a", "bcde"), (0,)), (-3.0, -7.0), 0, 1),
    ],
)
def test_bytes_and_characters_are_not_the_same(
    question: Question, nats: tuple[float, float], by_byte: int, by_character: int
) -> None:
    words = find_template("cloze", "bare")
    scores = dict(zip(_sent(BARE, question)[1], nats, strict=True))
    ways: tuple[ChooseBy, ...] = ("byte", "character")
    probes = [ClozeProbe(words=words, choose_by=way) for way in ways]
    chosen = [probe.ask(FakeModel(lambda _, text: scores[text]), [question])[0].predicted for probe in probes]
    assert chosen == [by_byte, by_character]


class HarnessTask(ConfigurableTask):  # type: ignore[misc]
    """The harness's own scoring of a multiple-choice question, without a dataset."""

    OUTPUT_TYPE = "multiple_choice"

    def __init__(self) -> None:
        self._config = TaskConfig(task="t", output_type="multiple_choice")
        self._metric_fn_list = dict.fromkeys(("acc", "acc_norm"))
        self.multiple_input = self.multiple_target = 0

    def doc_to_choice(self, doc: Question) -> list[str]:
        return list(doc.options)

    def doc_to_target(self, doc: Question) -> int:
        return doc.gold[0]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("abé口ñ𝒳 ", min_size=1, max_size=9).filter(str.strip), min_size=2, max_size=5, unique=True),
    st.data(),
)
def test_by_character_is_acc_norm_of_the_harness_and_by_sum_its_acc(options: list[str], data: st.DataObject) -> None:
    nats = data.draw(st.lists(st.integers(-40, -1), min_size=len(options), max_size=len(options)))  # with ties
    scores = {f" {option}": float(value) for option, value in zip(options, nats, strict=True)}
    task, model = HarnessTask(), FakeModel(lambda _, text: scores[text])
    for gold in range(len(options)):
        question = Question("d", "1", "fr", "?", tuple(options), (gold,))
        theirs = task.process_results(question, [(scores[f" {option}"], False) for option in options])
        for choose_by, metric in (("sum", "acc"), ("character", "acc_norm")):
            probe = ClozeProbe(words=find_template("cloze"), choose_by=choose_by)  # type: ignore[arg-type]
            assert probe.ask(model, [question])[0].correct == bool(theirs[metric])


def test_the_unconditional_score_is_of_the_same_text_and_asked_once() -> None:
    again = Question("geo", "4", "de", "Und von Italien?", CAPITAL.options, (0,))
    model = FakeModel()
    answers = ClozeProbe(words=find_template("cloze"), unconditional=True).ask(model, [CAPITAL, again, BORN])
    (asked,) = model.asked
    alone = [one.text for one in asked if one.context == ""]
    assert alone == [" Rom", " Oslo", " London.", " Rome."]
    assert answers[0].option_unconditional == answers[1].option_unconditional != answers[2].option_unconditional
    assert answers[0].template == "plain@1"


@given(st.permutations(range(4)))
def test_permuting_options_permutes_scores(places: list[int]) -> None:
    options = ("Rom", "Oslo", "Bern", "Wien")
    question = Question("d", "1", "de", "?", options, (2,))
    moved = Question("d", "1", "de", "?", tuple(options[place] for place in places), (places.index(2),))
    before, after = PLAIN.ask(FakeModel(), [question, moved])
    assert before.option_logprobs is not None and after.option_logprobs is not None
    assert after.option_logprobs == tuple(before.option_logprobs[place] for place in places)
    assert after.correct == before.correct


def test_errors_are_rows() -> None:
    open_question = Question("d", "1", "en", "?", (), (), ("a",))
    long = Question("d", "2", "en", "?" * 50, ("a", "b"), (0,))
    model = FakeModel(refuse={"?" * 50: "too long"})
    errors = [answer.error for answer in PLAIN.ask(model, [open_question, long, CAPITAL, BORN_ZH])]
    assert errors == ["it is an open question, without options to choose from", "too long", None, None]


def test_an_option_without_tokens_is_an_error() -> None:
    class Tokenless(FakeModel):
        def loglikelihoods(self, continuations, *, advance=lambda _: None):  # type: ignore[no-untyped-def]
            return [Loglikelihood(-1.0, 0) for _ in continuations]

    (answer,) = PLAIN.ask(Tokenless(), [CAPITAL])
    assert answer.error == "an option has no tokens in the model's vocabulary"


def test_more_options_than_letters() -> None:
    many = Question("d", "1", "en", "?", tuple(f"o{n}" for n in range(40)), (39,))
    for template in built_in("cloze").values():
        (answer,) = ClozeProbe(words=template).ask(FakeModel(), [many])
        assert answer.option_logprobs is not None and len(answer.option_logprobs) == 40
