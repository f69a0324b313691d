"""A prompt: word for word what a model is given, and what it is asked to continue it with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.interface import Model


@dataclass(frozen=True)
class Prompt:
    """A question in one wording and one order of its options."""

    question: Question
    template: str  # name@version of the wording, with what was done to it
    wording: str  # the language whose words were used; "und": none's
    order: tuple[int, ...]  # the option at each place of the list; empty: not listed
    context: str
    continuations: tuple[str, ...]  # one per option, in the facts table's order; empty: the model speaks freely


def after(context: str, continuations: Iterable[str], *, chat: bool) -> tuple[str, tuple[str, ...]]:
    """Context and continuations, with the white space between them where a model expects it.

    A context never ends in white space: it goes to the continuations, since tokenizers join it to the word that
    follows. In a chat the turn that follows begins without any.
    """
    shorter = context.rstrip()
    gap = context[len(shorter) :]
    if chat:
        return shorter, tuple(text.lstrip() for text in continuations)
    return shorter, tuple(gap + text for text in continuations)


def in_chat(prompt: Prompt, model: Model | None, *, thinking: bool) -> Prompt:
    """The prompt as a user's turn in the model's own chat format, as it is sent.

    Raises IsoglossError when there is no model, or it has no chat format.
    """
    if model is None:
        raise IsoglossError("the chat format is the model's own: name the model, or leave the chat out", exit_status=64)
    return replace(prompt, context=model.chat(prompt.context, thinking=thinking))
