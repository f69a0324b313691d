"""Questions and options out of prompts, in every shape that the release has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.importers.clika.prompt import PromptItem, UnreadablePrompt, read_prompt
from tests.support.clika_small import EXAMPLE, prompt

CAUSE = "What was the cause of this?"
COPA = f"Answer by the Premise.\nPremise:The cup fell.\nQuestion:{CAUSE}\nA. x\nB. y\nAnswer:A. x\n\n"
words = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1).map(str.strip).filter(bool)


def test_worked_example_is_cut_off() -> None:
    assert read_prompt(prompt("Où est-ce ?", ("a", "b", "c"))) == PromptItem(None, "Où est-ce ?", ("a", "b", "c"))


def test_instruction_without_example_and_without_label() -> None:
    assert read_prompt("בחר.\nאיפה?\nA. כן\nB. לא\nAnswer:") == PromptItem(None, "איפה?", ("כן", "לא"))


def test_instruction_with_label() -> None:
    assert read_prompt("Choose.\nQuestion:Where?\nA. a\nB. b\nAnswer:") == PromptItem(None, "Where?", ("a", "b"))


@pytest.mark.parametrize("before", [COPA, "Answer by the Premise.\n"])
def test_premise_and_question_read_without_labels(before: str) -> None:
    item = read_prompt(f"{before}Premise:הכוס נפלה.\nQuestion:{CAUSE}\nA. כן\nB. לא\nAnswer:")
    assert item == PromptItem("הכוס נפלה.", CAUSE, ("כן", "לא"))
    assert item.text == f"הכוס נפלה.\n{CAUSE}"


def test_empty_option_is_kept() -> None:
    assert read_prompt(prompt("Q", ("a", "", "c", "", ""))).options == ("a", "", "c", "", "")


def test_newlines_inside_question_and_option() -> None:
    item = read_prompt(prompt("Vitamin\nA. or not?", ("one\nand a half", "two")))
    assert item == PromptItem(None, "Vitamin\nA. or not?", ("one\nand a half", "two"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Choose.\nWhere?\nA. a\nB. b\n", 'does not end with "Answer:"'),
        ("Choose.\nWhere?\nA. a\nAnswer:", "two to five options"),
        ("Choose.\nWhere?\nAnswer:", "two to five options"),
        (prompt("Where?", "abcde").replace("\nAnswer:", "\nF. f\nAnswer:"), "two to five options"),
        ("Choose.\nQuestion:\nA. a\nB. b\nAnswer:", "no question"),
        ("Choose.\nPremise:Dark.\nA. a\nB. b\nAnswer:", 'no "Question:"'),
        ("", "does not end"),
    ],
)
def test_other_shapes_are_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadablePrompt, match=reason):
        read_prompt(text)


@given(words, st.lists(words, min_size=2, max_size=5), st.sampled_from([EXAMPLE, "Choose.\nQuestion:", "Choose.\n"]))
def test_any_question_and_options_come_back(question: str, options: list[str], before: str) -> None:
    if question.startswith(("Question:", "Premise:")):
        question = "?" + question
    assert read_prompt(prompt(question, options, before=before)) == PromptItem(None, question, tuple(options))
