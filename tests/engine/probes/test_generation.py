"""The generation probe: what is asked, where it stops, how it is read, and what fails."""

import pytest

from engine.errors import IsoglossError
from engine.facts.question import BLANK, Question
from engine.probes.generation import GenerationProbe
from engine.probes.template_file import find_template
from tests.support.fake_model import FakeModel

PLAIN = GenerationProbe(words=find_template("generation"))
LISTED = GenerationProbe(words=find_template("generation", "listed"))

CAPITAL = Question("geo", "1", "en", "What is the capital of Italy?", ("Milan", "Rome"), (1,))
CAPITAL_HE = Question("geo", "1", "he", "מהי בירת איטליה?", ("מילאנו", "רומא"), (1,))
RIVER_ZH = Question("geo", "2", "zh", "流经开罗的是哪条河？", (), (), ("尼罗河",))
BORN = Question("birth", "3", "de", f"Ada wurde in {BLANK} geboren.", (), (), ("London",))


def _says(answers: dict[str, str]) -> FakeModel:
    """A model that says a text where its key stands in the prompt."""
    return FakeModel(say=lambda prompt: next((said for key, said in answers.items() if key in prompt), ""))


def test_what_is_asked() -> None:
    model = FakeModel()
    PLAIN.ask(model, [CAPITAL, RIVER_ZH, BORN])
    assert model.prompted == [
        (
            "Question: What is the capital of Italy?\nAnswer:",
            "问题：流经开罗的是哪条河？\n答案：",
            "Frage: Ada wurde in ___ geboren.\nAntwort:",
        )
    ]
    (prompt,) = LISTED.prompts(CAPITAL)
    assert prompt.context == (
        "Answer each question with the letter of the correct option.\n\n"
        "Question: What is the capital of Italy?\nA. Milan\nB. Rome\nAnswer:"
    )
    assert (prompt.order, prompt.continuations) == ((0, 1), ())
    assert PLAIN.prompts(CAPITAL)[0].order == ()


def test_answers_worked_by_hand() -> None:
    model = _says(
        {"Italy": " Rome, of course.\nQuestion: What", "איטליה": " מילאנו", "开罗": "尼罗河。", "Ada": " in Rom"}
    )
    rome, milan, nile, wrong = PLAIN.ask(model, [CAPITAL, CAPITAL_HE, RIVER_ZH, BORN])
    # The text ends at the stop string "\n".
    assert (rome.text, rome.predicted, rome.correct, rome.parsed) == (" Rome, of course.", 1, True, True)
    assert (milan.text, milan.predicted, milan.correct, milan.parsed) == (" מילאנו", 0, False, True)
    assert (nile.predicted, nile.correct, nile.parsed) == (None, True, True)  # an open question has no options
    assert (wrong.predicted, wrong.correct, wrong.parsed) == (None, False, True)
    assert (rome.template, rome.probe, rome.option_logprobs) == ("plain@1", "generation", None)


def test_letters() -> None:
    model = _says({"Italy": " B. Rome", "איטליה": " (A)"})
    first, second = LISTED.ask(model, [CAPITAL, CAPITAL_HE])
    assert (first.predicted, first.correct, second.predicted, second.correct) == (1, True, 0, False)
    assert LISTED.template == "listed@1"


def test_saying_nothing_is_wrong_and_unparsed() -> None:
    for probe in (PLAIN, LISTED):
        (answer,) = probe.ask(FakeModel(), [CAPITAL])
        assert (answer.text, answer.predicted, answer.correct, answer.parsed) == ("", None, False, False)
        assert answer.error is None


def test_the_scorer_is_named_unless_it_is_the_templates_own() -> None:
    exact = GenerationProbe(words=find_template("generation"), scorer="exact_match", shots=2)
    assert exact.template == "plain@1+2shot+exact_match"
    assert GenerationProbe(words=find_template("generation"), scorer="prefix").template == "plain@1"
    (answer,) = exact.ask(_says({"Italy": " Rome, of course."}), [CAPITAL])
    assert (answer.predicted, answer.parsed, answer.correct) == (None, False, False)


def test_stop_and_length() -> None:
    # 8 tokens for a letter, 64 for an answer; a token of the fake is a character.
    model = _says({"Italy": "B" * 100})
    assert [len(probe.ask(model, [CAPITAL])[0].text or "") for probe in (LISTED, PLAIN)] == [8, 64]
    chat = GenerationProbe(words=find_template("generation"), chat=True)
    said = {"<user>Question: What is the capital of Italy?\nAnswer:<bot>": "\n\nRome\nis the capital"}
    talker = FakeModel(say=said, frame=("<user>", "<bot>"))
    (answer,) = chat.ask(talker, [CAPITAL])
    # In a chat only the end of the turn ends the answer; its first line with words is read.
    assert (answer.text, answer.correct, answer.template) == ("\n\nRome\nis the capital", True, "plain@1+chat")
    assert talker.prompted == [("Question: What is the capital of Italy?\nAnswer:",)]


def test_errors_are_rows_and_the_others_keep_their_answers() -> None:
    model = _says({"Italy": "Rome", "איטליה": "רומא"})
    model.refuse = {"开罗": "the prompt is too long"}
    unaccepted = Question("d", "4", "en", "?", (), ())
    surrogate = Question("d", "5", "en", "\udfff", (), (), ("a",))
    questions = [CAPITAL, unaccepted, RIVER_ZH, surrogate, CAPITAL_HE]
    done: list[int] = []
    answers = PLAIN.ask(model, questions, advance=done.append)
    assert [answer.error for answer in answers] == [
        None,
        None,  # what it says is kept, though nobody said what is right
        "the prompt is too long",
        "the question holds half of a surrogate pair, U+DFFF, as its character 1",
        None,
    ]
    assert [answer.question for answer in answers] == questions
    assert [answer.correct for answer in answers] == [True, None, None, None, True]
    assert [answer.text for answer in answers] == ["Rome", "", None, None, "רומא"]
    assert sum(done) == 5
    (listed,) = LISTED.ask(model, [RIVER_ZH])
    assert listed.error == "it is an open question, without options to choose from"


def test_scorers_that_do_not_fit() -> None:
    with pytest.raises(IsoglossError, match="template plain does not list the options"):
        GenerationProbe(words=find_template("generation"), scorer="first_letter")
    with pytest.raises(IsoglossError, match='no scorer "best": choose from first_letter, prefix, exact_match'):
        GenerationProbe(words=find_template("generation"), scorer="best")
