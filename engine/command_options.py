"""Command-line options that several commands share: the store, and the model that is asked."""

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of the store.")]
EmbeddedOption = Annotated[bool, typer.Option("--embedded/--no-embedded", help="Read the embedded data beside it.")]
ModelOption = Annotated[
    str, typer.Option(help="A folder, a GGUF file, a name that `models` lists as here, or a hub id.")
]
AdapterOption = Annotated[Path | None, typer.Option(help="The folder of a PEFT adapter for the model.")]
TokenizerOption = Annotated[
    str | None, typer.Option(help="For a GGUF file: the folder or hub id of the model's own tokenizer.")
]
RevisionOption = Annotated[str | None, typer.Option(help="The revision of a model of the hub.")]
ModelNameOption = Annotated[str | None, typer.Option("--name", help="What the results call the model.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, …")]
DtypeOption = Annotated[str, typer.Option(help="Number format of the weights: auto, float32, bfloat16 or float16.")]
BatchTokensOption = Annotated[int | None, typer.Option(min=1, help="How many tokens a batch may hold.")]
