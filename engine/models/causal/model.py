"""A loaded model that answers: log-likelihoods and greedy generations."""

from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel

from engine.models.causal.generate import generate, plain_greedy
from engine.models.causal.loglikelihood import Batching, joined, score
from engine.models.causal.output_layer import output_layer_of
from engine.models.causal.prefix_tree import TokenSequence
from engine.models.causal.strategy import Strategies
from engine.models.causal.tokens import Encoded, Encoder
from engine.models.interface import (
    Advance,
    ChatFrame,
    Continuation,
    Generation,
    Identity,
    Loglikelihood,
    Refusal,
    ignore,
)
from engine.models.loading.device import Dtype
from engine.models.loading.exact import embeddings_of
from engine.models.loading.load import Loaded, load

# Measured (docs/performance.md): on a CPU small batches stay in the cache, a GPU needs thousands of nodes.
_CPU = {"budget": 768, "width": 128, "chunk": 64}
_GPU = {"budget": 16384, "width": 256, "chunk": 2048}


class LanguageModel:
    """Implements engine.models.interface.Model for a causal language model of transformers."""

    def __init__(self, loaded: Loaded, *, batch_tokens: int | None = None) -> None:
        self.identity: Identity = loaded.identity
        self._model: PreTrainedModel = loaded.model
        self._encoder = encoder_of(loaded)
        self._tokenizer = loaded.tokenizer
        plain_greedy(loaded.model, loaded.tokenizer)
        self._strategies = Strategies(loaded.model, context_length=loaded.context_length)
        self._output_layer = output_layer_of(loaded.model)
        self.batching = Batching(**(_CPU if loaded.model.device.type == "cpu" else _GPU))
        if batch_tokens is not None:
            self.batching.budget = batch_tokens

    @property
    def batch_tokens(self) -> int | None:
        """How many tokens a batch may hold, padding included; halved for good when memory runs out."""
        return self.batching.budget

    @batch_tokens.setter
    def batch_tokens(self, tokens: int | None) -> None:
        if tokens is not None:
            self.batching.budget = tokens

    @property
    def ways(self) -> tuple[str, ...]:
        """How prompts are run (see strategy.py), for the lengths asked so far, the shortest first."""
        return self._strategies.ways

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """One for each continuation, in their order; a Refusal where it does not fit the model."""
        encoded = self._encoder.scored(continuations)
        wholes = {number: e for number, e in enumerate(encoded) if isinstance(e, Encoded)}
        # What the end of a context scores by itself is taken off where it shares a token with what follows.
        contexts = list(dict.fromkeys((e.context, e.start) for e in wholes.values() if e.context))
        advance(len(encoded) - len(wholes))
        found = self._score([TokenSequence(number, e.ids, e.start) for number, e in wholes.items()], advance)
        alone = self._score([TokenSequence(n, ids, start) for n, (ids, start) in enumerate(contexts)], ignore)
        of_context = dict(zip(contexts, (alone[number] for number in range(len(contexts))), strict=True))
        return [
            e
            if isinstance(e, Refusal)
            else joined(found[number], of_context.get((e.context or (), e.start)), merged=e.merged)
            for number, e in enumerate(encoded)
        ]

    def _score(self, sequences: Sequence[TokenSequence], advance: Advance) -> dict[int, Loglikelihood | Refusal]:
        return score(
            sequences,
            strategies=self._strategies.up_to(max((len(one.ids) - 1 for one in sequences), default=0)),
            output_layer=self._output_layer,
            batching=self.batching,
            advance=advance,
        )

    def generate(
        self,
        prompts: Sequence[str],
        *,
        stop: Sequence[str],
        max_tokens: int,
        chat: bool = False,
        thinking: bool = True,
        advance: Advance = ignore,
    ) -> list[Generation | Refusal]:
        """What the model says after each prompt, in their order; a Refusal where a prompt does not fit the model."""
        encoded = self._encoder.prompts(prompts, chat=chat, room=max_tokens, thinking=thinking)
        longest = max((len(ids) for ids in encoded if not isinstance(ids, Refusal)), default=0) + max_tokens
        return generate(
            self._model,
            self._tokenizer,
            encoded,
            stop=stop,
            max_tokens=max_tokens,
            batching=self.batching,
            strategies=self._strategies.up_to(longest),
            advance=advance,
        )

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """The text in the model's chat format, as it is sent. Raises IsoglossError when none can be used."""
        return self._encoder.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """What stands around a user's turn. Raises IsoglossError as `chat` does."""
        return self._encoder.chat_frame(thinking=thinking)


def encoder_of(loaded: Loaded) -> Encoder:
    """An encoder for a model, with the tokenizer that came with it."""
    return Encoder(loaded.tokenizer, context_length=loaded.context_length, embeddings=embeddings_of(loaded.model))


def open_model(
    source: str,
    *,
    adapter: Path | None = None,
    name: str | None = None,
    revision: str | None = None,
    dtype: Dtype = "auto",
    device: str = "auto",
    batch_tokens: int | None = None,
) -> LanguageModel:
    """Load a model (engine/models/loading/load.py) and find out how to run it; `batch_tokens`: nodes in a batch."""
    loaded = load(source, adapter=adapter, name=name, revision=revision, dtype=dtype, device=device)
    return LanguageModel(loaded, batch_tokens=batch_tokens)
