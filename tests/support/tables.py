"""Small stores for tests, written as strings: one letter per fact."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from engine.database.database import Database, open_database
from engine.schema import TABLES, TableName
from engine.store.write import TableFile, write_files

Said = Mapping[str, str]  # language -> one sign per fact


def rows_to_table(name: TableName, rows: list[dict[str, object]]) -> pa.Table:
    """Rows as a table of the schema; what a row lacks is NULL."""
    return TABLES[name].of_rows(rows)


def fact_rows(dataset: str, gold: str, languages: list[str], n_options: int = 4) -> list[dict[str, object]]:
    """Facts with ids 0, 1, …: `gold` holds the letter of each fact's right option; `-` is an open question."""
    return [
        {
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "stream": "factual",
            "relation": "capital" if fact % 2 == 0 else "currency",
            "question": f"question {fact} in {language}",
            "options": [] if letter == "-" else [f"option {o} {language}" for o in range(n_options)],
            "gold": [] if letter == "-" else [ord(letter) - ord("A")],
            "answers": ["yes"] if letter == "-" else [],
        }
        for fact, letter in enumerate(gold)
        for language in languages
    ]


def result_rows(
    model: str,
    dataset: str,
    gold: str,
    said: Said,
    run_id: str = "run",
    *,
    probe: str | None = "letter",
    template: str | None = None,
) -> list[dict[str, object]]:
    """Answers, one sign per fact: an option's letter, `?` unreadable (wrong), `!` not measured, ` ` no row at all,
    `+` and `x` right and wrong answers to an open question."""
    return [
        {
            "run_id": run_id,
            "model": model,
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "probe": probe,
            "template": template,
            "predicted": None if sign in "?!+x" else ord(sign) - ord("A"),
            "correct": None if sign == "!" else sign == "+" or sign == gold[fact],
            "parsed": sign not in "?!",
            "text": None if sign == "!" else sign,
            "error": "too long" if sign == "!" else None,
        }
        for language, signs in said.items()
        for fact, sign in enumerate(signs)
        if sign != " "
    ]


def rotated_rows(
    model: str, dataset: str, chosen: Mapping[str, list[str]], run_id: str = "run"
) -> list[dict[str, object]]:
    """Answers to a letter probe under each rotation of the options: per language and fact the options chosen, e.g. AAB.

    An empty text is a fact that was not rotated.
    """
    return [
        {
            "run_id": run_id,
            "model": model,
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "probe": "letter",
            "template": "plain@1+cyclic",
            "predicted": None,
            "correct": False,
            "parsed": True,
            "order_choices": [ord(sign) - ord("A") for sign in signs] if signs else None,
        }
        for language, facts in chosen.items()
        for fact, signs in enumerate(facts)
    ]


def run_rows(model: str, run_id: str = "run", **columns: object) -> list[dict[str, object]]:
    """The row of a finished run."""
    return [
        {
            "run_id": run_id,
            "model": model,
            "source": "probe",
            "engine_version": "0",
            "probe": "letter",
            "status": "finished",
            "n_expected": 1,
            "n_done": 1,
            **columns,
        }
    ]


def model_rows(model: str, **columns: object) -> list[dict[str, object]]:
    """What is known of a model."""
    unknown = dict.fromkeys(("billion_parameters", "built_on", "training_strategy", "target_languages"))
    return [{"model": model, "family": "f", **unknown, **columns}]


def exposure_rows(model: str, dataset: str, taught: Said) -> list[dict[str, object]]:
    """What a lab model was taught, one sign per fact: `t` taught in this language, `.` not, ` ` not known."""
    return [
        {
            "model": model,
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "taught": sign == "t",
            "times": 3 if sign == "t" else 0,
        }
        for language, signs in taught.items()
        for fact, sign in enumerate(signs)
        if sign != " "
    ]


def trait_rows(dataset: str, spelled: Said) -> list[dict[str, object]]:
    """How names are spelled, one sign per fact. As in English: subject `s`, object `o`, both `b`, neither `.`."""
    return [
        {
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "subject_same_as_english": sign in "sb",
            "object_same_as_english": sign in "ob",
            "subject_same_as_object": False,
            "script": "Latn",
            "template_kind": "written",
        }
        for language, signs in spelled.items()
        for fact, sign in enumerate(signs)
    ]


def with_runs(tables: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """The tables with a run for all answers that lack one."""
    runs = {(row["run_id"], row["model"]): row for row in tables.get("runs", ())}
    for row in tables.get("results", ()):
        runs.setdefault((row["run_id"], row["model"]), run_rows(str(row["model"]), str(row["run_id"]))[0])
    return tables | ({"runs": list(runs.values())} if runs else {})


def make_store(folder: Path, **tables: list[dict[str, object]]) -> Database:
    """Write the rows of each table, with a run for all answers, and open the store."""
    tables = with_runs(tables)
    write_files(folder, [TableFile(name, "test", rows_to_table(name, rows)) for name, rows in tables.items()])  # type: ignore[arg-type]
    return open_database([folder])


def model_store(folder: Path, gold: str, said: Said, *, model: str = "m", dataset: str = "d") -> Database:
    """A store with one model's answers to one dataset."""
    return make_store(
        folder,
        facts=fact_rows(dataset, gold, list(said)),
        results=result_rows(model, dataset, gold, said),
        runs=run_rows(model),
    )
