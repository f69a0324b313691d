"""`python -m engine models`: what can be asked, what can be had; get, check and remove it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.command_options import StoreOption
from engine.errors import IsoglossError
from engine.locations import LOCAL
from engine.printed_table import Format, printed

if TYPE_CHECKING:
    from engine.model_catalogue.catalogue import CatalogueModel
    from engine.model_catalogue.listing import ListedModel

_TOLD = (
    *("family", "billion_parameters", "built_on", "training_strategy", "trained_for", "weights"),
    *("licence", "licence_url", "must_accept"),
)
NameArgument = Annotated[str, typer.Argument(help="A name that `models list` shows.")]


def register(app: typer.Typer) -> None:
    """Add the group `models`."""
    models = typer.Typer(help="The models that can be asked here, and those that can be had. Alone: list them.")
    app.add_typer(models, name="models")
    models.callback(invoke_without_command=True)(_list_unless_more_is_asked)
    models.command("list")(print_models)
    models.command("get")(get)
    models.command("check")(check)
    models.command("remove")(remove)
    models.command("record")(record)


def _list_unless_more_is_asked(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print_models()


def print_models(
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.table, store: StoreOption = LOCAL
) -> None:
    """List the models that can be asked by name, then those that can be had."""
    import pandas as pd

    from engine.model_catalogue.listing import list_models

    row = _in_words if format is Format.table else _in_full
    models = list_models(store)
    rows = pd.DataFrame([row(listed) for listed in models]).convert_dtypes()
    typer.echo(printed(rows, format), nl=False)
    for listed in models:
        if listed.status is not None and listed.status.message is not None:
            typer.echo(f"{listed.name} was not got: {listed.status.message}", err=True)


def get(
    name: NameArgument,
    accept_terms: Annotated[
        bool, typer.Option("--accept-terms", help="Accept the model's terms, where it has such.")
    ] = False,
    store: StoreOption = LOCAL,
) -> None:
    """Get a model into the store. The same command goes on where it was stopped."""
    from engine.model_catalogue.catalogue import find_in_catalogue
    from engine.model_catalogue.download import get_model
    from engine.model_catalogue.progress_bar import DownloadBar

    model = find_in_catalogue(name)
    try:
        with DownloadBar() as bar:
            got = get_model(model, store, accepted=accept_terms, watch=bar.show)
    except KeyboardInterrupt:
        typer.echo(_stopped(model, store), err=True)
        raise typer.Exit(130) from None
    typer.echo(f"{name} {'was here already' if got.was_here else 'is here'}: {got.target}")
    typer.echo(f"licence: {model.licence}, {model.licence_url}")
    elsewhere = "" if store == LOCAL else f" --store {store}"
    typer.echo(f"to ask it: python -m engine run --model {name} --dataset world{elsewhere}")


def check(name: NameArgument, store: StoreOption = LOCAL) -> None:
    """Check a model that is here: its hash, how it is loaded, one forward pass."""
    from engine.model_catalogue.check import check_model

    check_model(name, store, note=typer.echo)
    typer.echo(f"{name}: all is well")


def remove(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = LOCAL,
) -> None:
    """Remove a model that was got, whole or not. Its answers stay."""
    from engine.model_catalogue.catalogue import HubRepository, find_in_catalogue
    from engine.model_catalogue.place import ModelPlace
    from engine.model_catalogue.removal import remove_model

    model = find_in_catalogue(name)
    place = ModelPlace(model, store)
    if not yes and (place.is_here or place.work.is_dir()):
        if not sys.stdin.isatty():
            raise IsoglossError(f"whether to remove {place.folder} cannot be asked here: give --yes", exit_status=64)
        typer.confirm(f"Remove {name} from {place.folder}?", abort=True)
    remove_model(model, store)
    typer.echo(f"{name} is removed; its answers stay in the store")
    if isinstance(model.source, HubRepository):
        kept = "the hub's cache keeps its files, for other programs"
        typer.echo(f"{kept}; to delete them: hf cache rm model/{model.source.id}")


def record(store: StoreOption = LOCAL) -> None:
    """Write who the catalogue's models are into a store, beside answers of theirs that were got elsewhere."""
    from engine.model_catalogue.record import write_catalogue

    report = write_catalogue(store)
    typer.echo(f"written: {', '.join(report.written) or 'nothing'}; unchanged: {len(report.unchanged)}")


def _stopped(model: "CatalogueModel", store: Path) -> str:
    """The one line that says how to go on."""
    from engine.model_catalogue.status import status_of

    status = status_of(model, store)
    done, total = (status.done, status.total) if status else (0, None)
    kept = "what is there is kept" if total is None else f"{done:,} of {total:,} bytes are kept"
    return f"stopped: {kept}; the same command goes on"


def _in_words(listed: "ListedModel") -> dict[str, object]:
    """What a person wants to know before getting a model."""
    model = listed.model
    return {
        "name": listed.name,
        "state": listed.state,
        "size": _size(listed.bytes),
        "parameters": f"{model.billion_parameters:g} billion" if model else "",
        "trained for": model.trained_for if model else "",
        "licence": model.licence + "".join(_conditions(model)) if model else "",
        "from": listed.origin,
    }


def _conditions(model: "CatalogueModel") -> Iterator[str]:
    from engine.model_catalogue.catalogue import HubRepository

    if model.must_accept:
        yield " (--accept-terms)"
    if isinstance(model.source, HubRepository) and model.source.gated:
        yield " (to be accepted on the hub)"


def _size(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:,.1f} MB"


def _in_full(listed: "ListedModel") -> dict[str, object]:
    """All that is known of a model."""
    from engine.model_catalogue.catalogue import HubRepository

    model = listed.model
    row: dict[str, object] = {
        "name": listed.name,
        "presence": listed.presence,
        "bytes_here": listed.bytes if listed.presence == "here" else listed.status.done if listed.status else 0,
        "bytes": listed.bytes,
        "origin": listed.origin,
    }
    row |= {field: getattr(model, field, None) for field in _TOLD}
    row["languages"] = " ".join(model.languages) if model else None
    row["gated"] = model.source.gated if model and isinstance(model.source, HubRepository) else None
    return row
