"""Text to token ids: a context and its continuation, split where the field's reference harness splits them."""

from collections.abc import Sequence
from functools import cached_property

from transformers import PreTrainedTokenizerBase

from engine.errors import IsoglossError
from engine.models.interface import Continuation, Refusal
from engine.models.prefix_tree import TokenSequence

_PLACE = "\u2603isogloss\u2603"  # stands for the user's turn while the chat format around it is looked for


class Encoder:
    """Encodes texts with a model's tokenizer. Special tokens inside a text are plain characters."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, context_length: int | None) -> None:
        self._tokenizer = tokenizer
        self._context_length = context_length

    def scored(self, continuations: Sequence[Continuation]) -> list[TokenSequence | Refusal]:
        """The tokens of each continuation after its context.

        As lm-evaluation-harness does: spaces that end a context belong to the continuation; context and continuation
        are encoded as one string, whose tokens beyond those of the context alone are scored; after an empty context
        comes the model's start token.
        """
        moved = [_spaces_moved(continuation) for continuation in continuations]
        contexts = list(dict.fromkeys(c.context for c in moved if c.context and not c.chat))
        of_context = dict(zip(contexts, self._ids(contexts), strict=True))
        wholes = iter(self._ids([c.context + c.text for c in moved if c.context and not c.chat]))
        alone = iter(self._ids([c.text for c in moved if c.chat or not c.context], start=False))
        turns = {text: self._turn(text) for text in dict.fromkeys(c.context for c in moved if c.chat)}
        found: list[TokenSequence | Refusal] = []
        for number, continuation in enumerate(moved):
            if continuation.chat:
                before, after = turns[continuation.context], next(alone)
            elif continuation.context:
                before = of_context[continuation.context]
                after = next(wholes)[len(before) :]
            else:
                before, after = [], next(alone)
            found.append(self._checked(number, before, after))
        return found

    def prompts(self, texts: Sequence[str], *, chat: bool, room: int) -> list[tuple[int, ...] | Refusal]:
        """The tokens of each prompt, after which `room` more tokens must fit."""
        encoded = [self._turn(text) for text in texts] if chat else self._ids(texts)
        return [
            self._too_long(len(ids) + room) or (tuple(ids) if ids else Refusal("the prompt is empty"))
            for ids in encoded
        ]

    def chat(self, text: str) -> str:
        """The text in the model's chat format, as it is sent."""
        before, after = self._chat_frame
        return before + text + after

    def _checked(self, number: int, before: Sequence[int], after: Sequence[int]) -> TokenSequence | Refusal:
        if not after:
            return Refusal("the continuation has no tokens of its own: write it so that it differs from its context")
        if not before:
            start = self._start_token
            # a text that begins with the start token is scored from its second token on
            before, after = ([start], after) if after[0] != start else (after[:1], after[1:])
            if not after:
                return Refusal("the continuation is the model's start token alone")
        return self._too_long(len(before) + len(after) - 1) or TokenSequence(number, (*before, *after), len(before))

    def _too_long(self, tokens: int) -> Refusal | None:
        if self._context_length is None or tokens <= self._context_length:
            return None
        return Refusal(f"the prompt has {tokens} tokens; the model reads at most {self._context_length}")

    def _ids(self, texts: Sequence[str], *, start: bool = True) -> list[list[int]]:
        if not texts:
            return []
        encoded = self._tokenizer(
            list(texts), add_special_tokens=start, split_special_tokens=True,
            return_attention_mask=False, return_token_type_ids=False,
        )  # fmt: skip
        return list(encoded["input_ids"])

    def _turn(self, text: str) -> list[int]:
        """A user's turn: the format's control tokens count as such, the text's characters stay characters."""
        before, after = self._chat_frame
        frame = [
            self._tokenizer(part, add_special_tokens=False, split_special_tokens=False) for part in (before, after)
        ]
        return [*frame[0]["input_ids"], *self._ids([text], start=False)[0], *frame[1]["input_ids"]]

    @cached_property
    def _chat_frame(self) -> tuple[str, str]:
        """What stands before and after a user's turn. Raises IsoglossError when the model has no chat format."""
        if not self._tokenizer.chat_template:
            raise IsoglossError("the model has no chat template: leave --chat out, or choose a model tuned for chat")
        rendered = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": _PLACE}], tokenize=False, add_generation_prompt=True
        )
        assert isinstance(rendered, str)
        before, place, after = rendered.partition(_PLACE)
        if not place:
            raise IsoglossError("the model's chat template does not show the user's text: leave --chat out")
        return before, after

    @property
    def _start_token(self) -> int:
        for token in (self._tokenizer.bos_token_id, self._tokenizer.eos_token_id):
            if token is not None:
                assert isinstance(token, int)
                return token
        raise IsoglossError("the tokenizer has neither a start nor an end token, so a text alone cannot be scored")


def _spaces_moved(continuation: Continuation) -> Continuation:
    if continuation.chat:
        return continuation
    context = continuation.context.rstrip()
    return Continuation(context, continuation.context[len(context) :] + continuation.text)
