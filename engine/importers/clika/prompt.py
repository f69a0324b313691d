"""The question and the options inside a CLiKA prompt."""

from dataclasses import dataclass
from functools import lru_cache

LETTERS = "ABCDE"
_ANSWER = "\nAnswer:"


class UnreadablePrompt(ValueError):
    """The prompt does not have the release's shape; the text says where it departs."""


@dataclass(frozen=True, slots=True)
class PromptItem:
    """What a prompt asks: the question, the premise it is about (x_copa only) and two to five options."""

    premise: str | None
    question: str
    options: tuple[str, ...]

    @property
    def text(self) -> str:
        """The question as people read it: the premise on a line of its own, since it may be in another script."""
        return f"{self.premise}\n{self.question}" if self.premise else self.question


@lru_cache(maxsize=8192)
def read_prompt(prompt: str) -> PromptItem:
    r"""Cut the instruction and the worked example off a prompt.

    A prompt is an instruction, perhaps a worked example (its last line "Answer:D. 5"), and the item: the question after
    "Question:", or with no label, or "Premise:…\nQuestion:…"; then "\nA. …\nB. …" and "\nAnswer:".
    Raises UnreadablePrompt.
    """
    if not prompt.endswith(_ANSWER):
        raise UnreadablePrompt('the prompt does not end with "Answer:"')
    body = prompt.removesuffix(_ANSWER)
    after_example = body.rfind(_ANSWER) + 1  # 0 when there is none: then the first line is the instruction
    _, _, item = body[after_example:].partition("\n")
    question, options = _split_options(item.lstrip("\n"))
    premise = None
    if question.startswith("Premise:"):
        premise, _, question = question.removeprefix("Premise:").rpartition("\nQuestion:")
        if not premise.strip():
            raise UnreadablePrompt('the prompt has a "Premise:" but no "Question:"')
        premise = premise.strip()
    question = question.removeprefix("Question:").strip()
    if not question:
        raise UnreadablePrompt("the prompt has no question")
    return PromptItem(premise, question, options)


def _split_options(item: str) -> tuple[str, tuple[str, ...]]:
    """The text before the last "A. " that begins a line, and the options."""
    starts = [item.rfind("\nA. ")]
    for letter in LETTERS[1:] + "F":
        start = item.find(f"\n{letter}. ", starts[-1] + 4)
        if start < 0:
            break
        starts.append(start)
    if starts[0] < 0 or not 2 <= len(starts) <= len(LETTERS):
        raise UnreadablePrompt('the prompt does not have two to five options "A. …", "B. …"')
    ends = [*starts[1:], len(item)]
    return item[: starts[0]], tuple(item[start + 4 : end].strip() for start, end in zip(starts, ends, strict=True))
