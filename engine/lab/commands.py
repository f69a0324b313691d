"""`python -m engine lab`: train the lab models, list them, and write down what they were taught."""

from pathlib import Path
from typing import Annotated

import typer

from engine.locations import EMBEDDED, LOCAL

Seed = Annotated[int, typer.Option(min=0, help="Decides what is taught where, the text, and the first weights.")]
Into = Annotated[Path, typer.Option(help="Where the models are, each in a folder of its name.")]
_MODELS = EMBEDDED / "models"


def register(app: typer.Typer) -> None:
    """Add the group `lab`."""
    lab = typer.Typer(no_args_is_help=True, help="Small models trained here, whose exposure to every fact is known.")
    app.add_typer(lab, name="lab")
    lab.command("train")(train_models)
    lab.command("list")(list_models)
    lab.command("record")(record)
    lab.command("figures")(print_figures)


def train_models(
    name: Annotated[str, typer.Argument(help="A lab model, with those that it builds on; or all.")],
    seed: Seed = 0,
    into: Into = LOCAL / "models",
    processes: Annotated[int, typer.Option(min=1, help="How many models are trained at once, a thread each.")] = 2,
) -> None:
    """Train lab models from scratch. The same command on the same machine gives the same bytes."""
    from engine.lab.exposure import lineage
    from engine.lab.families import make_models
    from engine.lab.progress_bar import training_progress
    from engine.lab.recipe import RECIPES, find_recipe
    from engine.lab.world import load_world

    world = load_world()
    recipes = list(RECIPES.values()) if name == "all" else lineage(find_recipe(name))
    with training_progress() as progress:
        bar = progress.add_task("training", total=sum(recipe.steps for recipe in recipes))
        make_models(
            recipes, world, into, seed=seed, processes=processes, advance=lambda steps: progress.advance(bar, steps)
        )
    typer.echo(f"written to {into}: {', '.join(recipe.name for recipe in recipes)}")


def list_models(into: Into = _MODELS) -> None:
    """List the lab models: what each is, what it builds on, and whether it is there."""
    from engine.lab.recipe import RECIPES

    for recipe in RECIPES.values():
        there = "trained" if (into / recipe.name / "config.json").is_file() else "not trained"
        base = f" of {recipe.base}" if recipe.base else ""
        shares = ", ".join(f"{tag} {share:.0%}" for tag, share in recipe.taught.items())
        typer.echo(f"{recipe.name}: {recipe.strategy}{base}; {recipe.steps} steps; {there}; facts taught: {shares}")


def record(
    seed: Seed = 0,
    store: Annotated[Path, typer.Option("--store", help="Folder of the store.")] = LOCAL,
) -> None:
    """Write to a store the lab's facts, its models, and what each was taught in which language. Trains nothing."""
    from engine.lab.recipe import RECIPES
    from engine.lab.record import write_record
    from engine.lab.world import load_world

    report = write_record(store, load_world(), RECIPES, seed=seed)
    typer.echo(f"written: {', '.join(report.written) or 'nothing'}; unchanged: {len(report.unchanged)}")


def print_figures(seed: Seed = 0, into: Into = _MODELS) -> None:
    """Ask the lab models of a folder, and print what each knows and what crossed, as a table in Markdown."""
    from engine.lab.figures import USUAL_WAY, ask
    from engine.lab.make import times_taught
    from engine.lab.recipe import RECIPES
    from engine.lab.summary import summary, table
    from engine.lab.world import load_world
    from engine.models.registry import open_model
    from engine.models.settings import OpenSettings

    world = load_world()
    ways = tuple(USUAL_WAY.values())
    found = []
    for name, recipe in RECIPES.items():
        if (into / name / "config.json").is_file():
            model = open_model(str(into / name), OpenSettings(device="cpu"))
            answers = ask(model, world, times_taught(recipe, world, seed=seed), ways)
            found += [summary(name, answers, way) for way in ways]
    typer.echo(table(found, seed=seed) if found else f"no lab model in {into}; train them: make lab")
