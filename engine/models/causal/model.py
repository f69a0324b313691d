"""A loaded model that answers: log-likelihoods, greedy generations, and what it reads token by token."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.models.causal.generate import generate, plain_greedy
from engine.models.causal.loglikelihood import Batching, joined, score
from engine.models.causal.output_layer import output_layer_of
from engine.models.causal.prefix_tree import TokenSequence
from engine.models.causal.strategy import Strategies
from engine.models.causal.token_pieces import pieces_of, tokens_of
from engine.models.causal.tokens import Encoded, Encoder
from engine.models.causal.trial_record import TrialRecord
from engine.models.interface import (
    Advance,
    ChatFrame,
    Continuation,
    Generation,
    GenerationRequest,
    Identity,
    Loglikelihood,
    Refusal,
    ignore,
)
from engine.models.loading.exact import embeddings_of
from engine.models.loading.load import Loaded
from engine.models.token_details import Piece, ReadingLimits

# Measured (docs/performance.md): on a CPU small batches stay in the cache, a GPU needs thousands of nodes.
_CPU = {"budget": 768, "width": 128, "chunk": 64}
_GPU = {"budget": 16384, "width": 256, "chunk": 2048}


class CausalModel:
    """Implements Model, and TokenPieces and TellsLimits too, for a causal language model of transformers."""

    def __init__(self, loaded: Loaded, *, batch_tokens: int | None = None) -> None:
        self.identity: Identity = loaded.identity
        self._loaded = loaded
        self._encoder = _encoder_of(loaded)
        plain_greedy(loaded.model, loaded.tokenizer)
        self._strategies = Strategies(
            loaded.model,
            context_length=loaded.context_length,
            record=None if loaded.kept is None else TrialRecord(loaded.kept, loaded.identity),
        )
        self._output_layer = output_layer_of(loaded.model)
        self.batching = Batching(**(_CPU if loaded.model.device.type == "cpu" else _GPU))
        if batch_tokens is not None:
            self.batching.budget = batch_tokens

    @property
    def batch_tokens(self) -> int | None:
        """Tell how many tokens a batch may hold, padding included; halved for good when memory runs out."""
        return self.batching.budget

    @batch_tokens.setter
    def batch_tokens(self, tokens: int | None) -> None:
        if tokens is not None:
            self.batching.budget = tokens

    @property
    def modes(self) -> tuple[str, ...]:
        """Tell how prompts are run (see strategy.py), for the lengths asked so far, the shortest first."""
        return self._strategies.modes

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """Score each continuation; a Refusal where it does not fit the model."""
        encoded = self._encoder.scored(continuations)
        wholes = {number: e for number, e in enumerate(encoded) if isinstance(e, Encoded)}
        # What the end of a context scores by itself is taken off where it shares a token with what follows.
        contexts = list(dict.fromkeys((e.context, e.start) for e in wholes.values() if e.context))
        advance(len(encoded) - len(wholes))
        sequences = [
            *(TokenSequence(number, e.ids, e.start) for number, e in wholes.items()),
            *(TokenSequence(number, ids, start) for number, (ids, start) in enumerate(contexts, len(encoded))),
        ]
        found = score(
            sequences,
            strategies=self._strategies.up_to(max((len(one.ids) - 1 for one in sequences), default=0)),
            output_layer=self._output_layer,
            batching=self.batching,
            done=lambda numbers: advance(len(wholes.keys() & set(numbers))),
        )
        of_context = {context: found[number] for number, context in enumerate(contexts, len(encoded))}
        return [
            e
            if isinstance(e, Refusal)
            else joined(found[number], of_context.get((e.context or (), e.start)), merged=e.merged)
            for number, e in enumerate(encoded)
        ]

    def generate(self, request: GenerationRequest, *, advance: Advance = ignore) -> list[Generation | Refusal]:
        """Go on with each prompt, greedily; a Refusal where a prompt does not fit the model."""
        encoded = self._encoder.prompts(request)
        longest = max((len(ids) for ids in encoded if not isinstance(ids, Refusal)), default=0) + request.max_tokens
        return generate(
            self._loaded.model,
            self._loaded.tokenizer,
            encoded,
            stop=request.stop,
            max_tokens=request.max_tokens,
            batching=self.batching,
            strategies=self._strategies.up_to(longest),
            advance=advance,
        )

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """Put a text into the model's chat format, as it is sent. Raises IsoglossError when none can be used."""
        return self._encoder.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """Tell what stands around a user's turn. Raises IsoglossError as `chat` does."""
        return self._encoder.chat_frame(thinking=thinking)

    def prompt_tokens(self, contexts: Sequence[Continuation]) -> list[int | None]:
        """Count the tokens of each context; None where it is refused."""
        return tokens_of(self._encoder, contexts)

    def pieces(self, scored: Mapping[Continuation, Loglikelihood]) -> dict[Continuation, tuple[Piece, ...]]:
        """Cut what was scored into pieces with the log-probability of each."""
        return pieces_of(self._encoder, scored)

    def reading_limits(self) -> ReadingLimits:
        """Give an encoder with a tokenizer of its own: one cannot be used by two threads at once."""
        return _encoder_of(replace(self._loaded, tokenizer=copy.deepcopy(self._loaded.tokenizer)))


def _encoder_of(loaded: Loaded) -> Encoder:
    return Encoder(loaded.tokenizer, context_length=loaded.context_length, embeddings=embeddings_of(loaded.model))
