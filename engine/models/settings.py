"""How a model is to be opened: what its caller may choose. Imports no torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from engine.errors import IsoglossError

NumberFormat = Literal["auto", "float32", "bfloat16", "float16"]


@dataclass(frozen=True, kw_only=True)
class OpenSettings:
    """What a caller chooses when it opens a model; None and "auto" leave the choice to the kind of model.

    Raises IsoglossError for a number format that is none. What a kind of models has no use for, it refuses.
    """

    name: str | None = None  # what results call the model; None: its own name, with its adapter's
    revision: str | None = None  # of a model of a hub
    tokenizer: str | None = None  # the folder or hub id of the own tokenizer of a GGUF file's model
    adapter: Path | None = None  # the folder of a PEFT adapter
    dtype: str = "auto"  # of the weights: one of NumberFormat
    device: str = "auto"  # cpu, cuda, cuda:1, …
    batch_tokens: int | None = None  # that a batch may hold

    def __post_init__(self) -> None:
        if self.dtype not in (formats := get_args(NumberFormat)):
            raise IsoglossError(f"no dtype {self.dtype!r}: choose from {', '.join(formats)}", exit_status=64)


USUAL = OpenSettings()
