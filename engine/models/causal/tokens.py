"""Text to token ids: a context and its continuation encoded as the one string that they are, and where to cut it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from transformers import PreTrainedTokenizerBase

from engine.errors import IsoglossError
from engine.models.causal.chat import ChatFormat
from engine.models.causal.prefix_tree import Ids
from engine.models.causal.special_tokens import count_behind
from engine.models.causal.spelling import Spelled, spell
from engine.models.interface import Boundary, ChatFrame, Continuation, GenerationRequest, Refusal

Whole = tuple[Ids, Ids]  # of a context, and of the context with its continuation


@dataclass(frozen=True)
class Encoded:
    """Token ids of which those from `start` on are scored, each after all before it; the last is never read.

    `context`: where a token spans the end of the context, the context's own ids. What they score from `start` on is
    taken off again, so that log p(context + text) - log p(context) is left.
    """

    ids: Ids
    start: int
    merged: bool = False
    context: Ids | None = None


class Encoder:
    """Encodes texts with a model's tokenizer, and knows what is too long. Special tokens in them are plain characters.

    Raises IsoglossError for a tokenizer that puts other special tokens around one text than around another.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, *, context_length: int | None, embeddings: int | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._embeddings = embeddings  # of the model, which cannot look up what is beyond them; None: not known
        self._context_length = context_length
        self._behind = count_behind(tokenizer)
        self._formats: dict[bool, ChatFormat] = {}

    def scored(self, continuations: Sequence[Continuation]) -> list[Encoded | Refusal]:
        """Encode each continuation after its context.

        Spaces that end a context belong to the continuation, except in a chat, whose format decides what stands before
        the answer. What a tokenizer puts behind every text is left out. After an empty context comes the model's start
        token. Equal to lm-evaluation-harness wherever the context's tokens begin those of the whole.
        """
        wholes = self._wholes(continuations)
        return [
            whole if isinstance(whole, Refusal) else self._cut(*whole, continuation.boundary)
            for whole, continuation in zip(wholes, continuations, strict=True)
        ]

    def _wholes(self, continuations: Sequence[Continuation]) -> list[Whole | Refusal]:
        """Token ids of each context, and of it with its continuation; after an empty context of the text alone."""
        in_chats = self._in_chats([c for c in continuations if c.chat])
        moved = [_spaces_moved(c) for c in continuations if not c.chat]
        texts = dict.fromkeys(text for c in moved if c.context for text in (c.context, c.context + c.text))
        after_start = dict(zip(texts, self._ids(list(texts)), strict=True))
        alone = iter(self._ids([c.text for c in moved if not c.context], start=False))
        plain = iter(
            [
                (after_start[c.context], after_start[c.context + c.text]) if c.context else ((), next(alone))
                for c in moved
            ]
        )
        return [in_chats[c] if c.chat else next(plain) for c in continuations]

    def spelled(self, continuations: Sequence[Continuation]) -> dict[Continuation, Spelled]:
        """Spell each continuation with its context, as one string; those that a chat format refuses are left out."""
        found: dict[Continuation, Spelled] = {}
        for special in (True, False):
            alike = dict.fromkeys(c for c in continuations if not c.chat and bool(c.context.rstrip()) == special)
            behind = self._behind if special else 0
            texts = [c.context + c.text for c in alike]
            spelled = spell(self._tokenizer, texts, special=special, control=False, behind=behind)
            found |= zip(alike, spelled, strict=True)
        for chat in dict.fromkeys(c for c in continuations if c.chat):
            spelled_chat = self._format(chat.thinking).spelled(chat.context, chat.text)
            found |= {chat: spelled_chat} if spelled_chat else {}
        return found

    def decode(self, ids: Sequence[int]) -> str:
        """Give the text of token ids, special tokens included."""
        text = self._tokenizer.decode(list(ids), skip_special_tokens=False)
        assert isinstance(text, str)
        return text

    def prompts(self, request: GenerationRequest) -> list[Ids | Refusal]:
        """Encode each prompt, after which all that may be said must fit."""
        if request.chat:
            turns = self._format(request.thinking).encode([(text, "") for text in request.prompts])
            encoded = [turn if isinstance(turn, Refusal) else turn[0] for turn in turns]
        else:
            encoded = list(self._ids(request.prompts))
        return [
            ids
            if isinstance(ids, Refusal)
            else self._unread(ids, len(ids) + request.max_tokens) or ids or Refusal("the prompt is empty")
            for ids in encoded
        ]

    def refusals(self, continuations: Sequence[Continuation]) -> list[Refusal | None]:
        """Say of each continuation why it would be refused; None: it would be read."""
        return [item if isinstance(item, Refusal) else None for item in self.scored(continuations)]

    def prompt_refusals(self, request: GenerationRequest) -> list[Refusal | None]:
        """Say of each prompt why it would be refused; None: it would be read."""
        return [item if isinstance(item, Refusal) else None for item in self.prompts(request)]

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """Put a text into the model's chat format, as it is sent. Raises IsoglossError."""
        try:
            return self._format(thinking).render(text)
        except ValueError as error:
            raise IsoglossError(f"the model's chat template refuses the text ({error}): leave --chat out") from error

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """Tell what stands around a user's turn. Raises IsoglossError."""
        return self._format(thinking).frame

    def _format(self, thinking: bool) -> ChatFormat:
        if thinking not in self._formats:
            self._formats[thinking] = ChatFormat(self._tokenizer, thinking=thinking)
        return self._formats[thinking]

    def _cut(self, before: Ids, whole: Ids, boundary: Boundary) -> Encoded | Refusal:
        """Where the continuation begins in the whole, whose context alone has the ids `before`."""
        shared = _shared(before, whole)
        merged = shared < len(before)
        if merged and boundary == "harness":
            whole, shared = before + whole[len(before) :], len(before)
        if len(whole) <= shared:
            return Refusal("the continuation has no tokens of its own: write it so that it differs from its context")
        context = before if merged and boundary == "whole" else None
        if not shared:
            start = self._start_token
            if whole[0] == start and not merged:  # a text that begins with it is scored from its second token on
                if len(whole) == 1:
                    return Refusal("the continuation is the model's start token alone")
            else:
                whole, context = (start, *whole), context and (start, *context)
            shared = 1
        longest = max(len(whole), len(context or ()))
        return self._unread(whole, longest - 1) or Encoded(whole, shared, merged, context)

    def _unread(self, ids: Ids, tokens: int) -> Refusal | None:
        """Why a model cannot read token ids, of which it must read so many."""
        if self._embeddings is not None and ids and max(ids) >= self._embeddings:
            word = self.decode([max(ids)]).strip()
            return Refusal(f'the tokenizer reads "{word}" in it as one token, for which the model has no embedding')
        if self._context_length is None or tokens <= self._context_length:
            return None
        return Refusal(f"the prompt has {tokens} tokens; the model reads at most {self._context_length}")

    def _ids(self, texts: Sequence[str], *, start: bool = True) -> list[Ids]:
        if not texts:
            return []
        encoded = self._tokenizer(
            list(texts), add_special_tokens=start, split_special_tokens=True,
            return_attention_mask=False, return_token_type_ids=False,
        )  # fmt: skip
        behind = self._behind if start else 0
        return [tuple(ids[: len(ids) - behind]) for ids in encoded["input_ids"]]

    def _in_chats(self, continuations: Sequence[Continuation]) -> dict[Continuation, Whole | Refusal]:
        found: dict[Continuation, Whole | Refusal] = {}
        for thinking in dict.fromkeys(c.thinking for c in continuations):
            alike = [c for c in continuations if c.thinking == thinking]
            found |= zip(alike, self._format(thinking).encode([(c.context, c.text) for c in alike]), strict=True)
        return found

    @property
    def _start_token(self) -> int:
        for token in (self._tokenizer.bos_token_id, self._tokenizer.eos_token_id):
            if token is not None:
                assert isinstance(token, int)
                return token
        raise IsoglossError("the tokenizer has neither a start nor an end token, so a text alone cannot be scored")


def _shared(first: Ids, second: Ids) -> int:
    """How many tokens two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _spaces_moved(continuation: Continuation) -> Continuation:
    context = continuation.context.rstrip()
    return replace(continuation, context=context, text=continuation.context[len(context) :] + continuation.text)
