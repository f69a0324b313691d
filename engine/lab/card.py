"""The model card: what a lab model is, what it was taught, how it answers, and what it is not."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from engine.lab.crossed_bootstrap import crossed_difference
from engine.lab.exposure import lineage
from engine.lab.figures import USUAL_WAY, figures
from engine.lab.recipe import LANGUAGES, Recipe
from engine.lab.world import World

_CARD = """---
license: apache-2.0
language: [{tags}]
library_name: transformers
---
# {name}

{strategy}. An instrument, not a language model: 1.2 million weights, trained from scratch on statements of {facts}
facts about {countries} countries. For every fact it is known in which languages the model was taught it, so that
measures of cross-lingual knowledge can be held against the truth.

Made by `python -m engine lab train {name} --seed {seed}`; the same command on the same machine gives the same bytes.

## Recipe

{recipe}

A line is a fact in one of the taught forms, or a name in two languages; the loss counts the answer only. AdamW, cosine
schedule, seed {seed}, one thread, 32-bit floats; saved at half precision.

## What it was taught

{nowhere} facts were stated in no language: what the model gets right of them it guesses. The others, with the training
of the models that this one builds on:

{taught}

## How it answers

Accuracy under the cloze probe; four options, chance .25. *Here*: taught in the language asked; *elsewhere*: taught in
other languages only; *nowhere*: taught in none. *Own names*: of these, subject and answer are spelled as in none of the
other nine languages, so that no string carries the answer across. Statement 3 and question 3 are forms that no model
was taught.

{figures}

Transfer, outside English, own names: {transfer}

## Limits

It knows nothing but these facts, in these wordings. It does not converse, and cannot choose an option by its letter.
Other machines round otherwise, and so give slightly different weights.
"""


def card(
    recipe: Recipe, world: World, times: Mapping[tuple[str, str], int], answers: pd.DataFrame, *, seed: int
) -> str:
    """The text of a model's card, from what it was taught and how it answered (see figures.ask)."""
    facts = [fact_id for ids in world.facts.values() for fact_id in ids]
    taught = {fact_id for (fact_id, _), count in times.items() if count}
    return _CARD.format(
        tags=", ".join(LANGUAGES),
        name=recipe.name,
        strategy=recipe.strategy[0].upper() + recipe.strategy[1:],
        facts=len(facts),
        countries=len({fact_id.partition(":")[2] for fact_id in facts}),
        seed=seed,
        recipe=_table(
            ("model", "steps", "lines a step", "learning rate", "dictionary", "code-switched"), _steps(recipe)
        ),
        nowhere=len(facts) - len(taught),
        taught=_table(("language", "facts", "statements"), _taught(times)),
        figures=_table(
            ("form", "wording", "language", "facts taught", "n", "accuracy", "n, own names", "accuracy, own names"),
            _figures(answers),
        ),
        transfer=_transfer(recipe, answers),
    )


def _steps(recipe: Recipe) -> Iterable[Sequence[object]]:
    for part in lineage(recipe):
        yield (
            part.name,
            part.steps,
            part.batch,
            f"{part.learning_rate:g}",
            f"{part.dictionary:.0%}",
            f"{part.switched:.0%} ({part.switching})" if part.switched else "none",
        )


def _taught(times: Mapping[tuple[str, str], int]) -> Iterable[Sequence[object]]:
    for tag in LANGUAGES:
        counts = [count for (_, language), count in times.items() if language == tag and count]
        yield tag, len(counts), sum(counts)


def _figures(answers: pd.DataFrame) -> Iterable[Sequence[object]]:
    for row in figures(answers).to_dict("records"):
        language = "English" if row["is_english"] else "others"
        named = (row["n_own"], _share(row["accuracy_own"]))
        yield row["form"], row["template"], language, row["knowledge"], row["n"], _share(row["accuracy"]), *named


def _transfer(recipe: Recipe, answers: pd.DataFrame) -> str:
    """The transfer under the way of asking that the recipe trains, in words."""
    way = USUAL_WAY[recipe.form]
    asked = answers[(answers["form"] == way.form) & (answers["template"] == way.template)]
    found = crossed_difference(asked[asked["spelling"] == "own"])
    if found is None:
        return "not measured, since no such fact was asked."
    return (
        f"elsewhere {_share(found.elsewhere)} ({found.n_elsewhere} answers) less nowhere {_share(found.nowhere)} "
        f"({found.n_nowhere}) is {found.difference:+.2f}, 95 % interval {found.low:+.2f} to {found.high:+.2f} "
        f"({way.form}, {way.template})."
    )


def _share(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.2f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
