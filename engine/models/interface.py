"""What a language model can be asked, and what it answers: all that probes and runs know of a model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Literal, Protocol

# Where a text begins whose first token also holds the end of its context: "whole": log p(context + text) less
# log p(context); "harness": what lies beyond as many tokens as the context alone has, as lm-evaluation-harness cuts.
Boundary = Literal["whole", "harness"]
Advance = Callable[[int], None]  # called with the number of items done since the last call


def ignore(_: int) -> None:
    """Watch no progress."""


@dataclass(frozen=True)
class Continuation:
    """A text whose log-likelihood after a context is asked for."""

    context: str  # empty: the text alone, after the model's own start token
    text: str
    chat: bool = False  # the context is a user's turn, to be put into the model's own chat format
    thinking: bool = True  # in a chat; False: thoughts are turned off by the format's own switch
    boundary: Boundary = "whole"


@dataclass(frozen=True)
class Loglikelihood:
    """The log-likelihood of a continuation given its context, natural logarithm, summed over its tokens.

    At most 0, unless it is `merged`: a token then spans the end of the context and the beginning of the text, so that
    there is no probability of the text after the context, and its number is log p(context + text) - log p(context).
    """

    nats: float
    tokens: int  # that hold some of the text
    terms: tuple[float, ...] = field(default=(), compare=False, repr=False)  # of each token; empty: not told
    merged: bool = False


@dataclass(frozen=True)
class ChatFrame:
    """What stands around a user's turn in a model's own chat format."""

    rendered: str  # as it is sent, of a turn that says "{text}"
    thought: str | None = None  # what opens the thought in which it ends, e.g. "<think>"
    has_switch: bool = False  # whether its thoughts can be turned off


@dataclass(frozen=True)
class GenerationRequest:
    """Prompts that a model goes on with, and where it stops."""

    prompts: tuple[str, ...]
    _: KW_ONLY
    max_tokens: int  # that it says at most
    stop: tuple[str, ...] = ()  # texts, the first of which ends what it says
    chat: bool = False  # each prompt is a user's turn, to be put into the model's own chat format
    thinking: bool = True  # in a chat; False: thoughts are turned off by the format's own switch


@dataclass(frozen=True)
class Generation:
    """What a model says after a prompt, greedily, up to the first stop string (which is cut off)."""

    text: str


@dataclass(frozen=True)
class Refusal:
    """Why an item was not measured, e.g. a prompt longer than the model's context."""

    reason: str


@dataclass(frozen=True)
class Identity:
    """What was loaded, as recorded with every run: two models that score differently differ here."""

    name: str  # how results call it
    source: str  # the folder or hub id
    revision: str | None  # the hub's commit; of a folder, a hash of its settings and tokenizer
    weights_sha256: str  # over all weight files, and the adapter's if there is one
    dtype: str
    device: str
    versions: Mapping[str, str]  # of torch, transformers, tokenizers and what else computes
    verified: bool = False  # whether every file was compared with a hash that its maker wrote down
    module: str = ""  # the code that answers, which tells the kind of model; put in by `recorded`


def recorded(model: "Model") -> Identity:
    """Give a model's identity as it is kept: with the module of its class, whatever the model says of itself."""
    return replace(model.identity, module=type(model).__module__)


class Model(Protocol):
    """A language model of any kind; what else it may tell is in token_details.py."""

    # How many tokens a batch may hold; halved for good when memory runs out. None: the model does not batch.
    batch_tokens: int | None

    @property
    def identity(self) -> Identity:
        """Tell what was loaded."""
        ...

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """Score each continuation; the scores are in their order."""
        ...

    def generate(self, request: GenerationRequest, *, advance: Advance = ignore) -> list[Generation | Refusal]:
        """Go on with each prompt; the answers are in their order."""
        ...

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """Put a text into the model's own chat format, as a user's turn, as it is sent.

        Raises IsoglossError when the model has no chat template, or one that cannot be used or refuses the text.
        """
        ...

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """Tell what stands around a user's turn. Raises IsoglossError as `chat` does."""
        ...
