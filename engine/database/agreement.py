"""What rows of several tables must obey together: answers fit their facts and their run, counts fit each other.

Each agreement is a query of the keys of rows that break it, empty when all is well. The file that holds such rows is
left out: what it says cannot be, whatever the other files say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from engine.schema import TABLES, TableName
from engine.store.verify import VerifiedFile


@dataclass(frozen=True)
class Agreement:
    """`broken` selects the `key` columns, as text, of rows of a table that `sentence` is said of."""

    sentence: str
    table: TableName
    key: tuple[str, ...]
    broken: str


_FACT = ("dataset", "fact_id")
_ANSWER = ("run_id", "model", "dataset", "fact_id", "language")
# The answers that are loaded, beside what their facts are; a fact without a text is not known.
_BESIDE_FACTS = """
    select
        a.run_id::varchar as run_id, k.model, a.dataset::varchar as dataset, f.fact_id,
        a.language::varchar as language
    from answers as a join facts as f using (dataset, fact_ix) join askings as k on k.label = a.model
    where f.n_options is not null and
"""
AGREEMENTS = (
    Agreement(
        "has another number of options in some language, or other right ones",
        "facts",
        _FACT,
        """select dataset, fact_id from raw_facts group by dataset, fact_id
        having min(len(options)) <> max(len(options)) or min(list_sort(gold)) <> max(list_sort(gold))""",
    ),
    Agreement(
        "names an option that its fact does not have",
        "results",
        _ANSWER,
        f"{_BESIDE_FACTS} a.predicted >= f.n_options",
    ),
    Agreement(
        "is called right and is not, or wrong and is right",
        "results",
        _ANSWER,
        f"""{_BESIDE_FACTS} f.n_options > 0 and len(f.gold) > 0
        and a.correct <> coalesce(list_contains(f.gold, a.predicted), false)""",
    ),
    Agreement(
        "chose an option and was not measured",
        "results",
        _ANSWER,
        f"{_BESIDE_FACTS} len(f.gold) > 0 and a.correct is null and a.predicted is not null",
    ),
    Agreement(
        "has choices under orders that its fact's options do not have",
        "results",
        _ANSWER,
        """
        select a.run_id::varchar as run_id, k.model, a.dataset::varchar as dataset, f.fact_id,
            a.language::varchar as language
        from order_choices as o join facts as f using (dataset, fact_ix)
        join answers as a
            on a.model = o.model and a.dataset = o.dataset and a.language = o.language and a.fact_ix = o.fact_ix
        join askings as k on k.label = a.model
        where f.n_options > 0 and (list_max(o.choices) >= f.n_options or len(o.choices) not in (1, f.n_options))
        """,
    ),
    Agreement(
        "belongs to a run that no row of runs describes",
        "results",
        ("run_id", "model"),
        "select distinct run_id, model from answered anti join runs using (run_id, model)",
    ),
    Agreement(
        "is of a finished run that says that it has more answers",
        "results",
        ("run_id", "model"),
        """select run_id, model from runs join answered using (run_id, model) where status = 'finished'
        group by run_id, model, n_done having sum(n_answers) < n_done""",
    ),
    Agreement(
        "counts more than its languages have facts, or right answers",
        "published_pairs",
        ("source", "model", "dataset", "language_a", "language_b"),
        """with counted as (
            select source, model, dataset, language, sum(n) as n, sum(n_correct) as n_correct
            from published_accuracy group by all
        )
        select p.source, p.model, p.dataset, p.language_a, p.language_b
        from published_pairs as p
        join counted as a using (source, model, dataset) join counted as b using (source, model, dataset)
        where a.language = p.language_a and b.language = p.language_b and (
            p.n > least(a.n, b.n)
            or p.n_both_right::bigint + p.n_only_a > a.n_correct or p.n_both_right::bigint + p.n_only_b > b.n_correct
        )""",
    ),
)


def disagreements(
    connection: duckdb.DuckDBPyConnection, files: Mapping[TableName, Sequence[VerifiedFile]]
) -> dict[VerifiedFile, str]:
    """The files that hold rows which contradict others, each with the first reason; of several the one read last.

    Needs the tables `raw_facts`, `answered`, `facts`, `answers`, `order_choices`, `runs` and the published counts.
    """
    found: dict[VerifiedFile, str] = {}
    for agreement in AGREEMENTS:
        keys = ", ".join(f"{name}::varchar as {name}" for name in agreement.key)
        connection.execute(f"create or replace temp table broken as select distinct {keys} from ({agreement.broken})")  # noqa: S608
        if connection.execute("select 1 from broken limit 1").fetchall():
            file, n, example = _blamed(connection, agreement, files[agreement.table])
            words = ", ".join(f"{name} {value!s:.60}" for name, value in zip(agreement.key, example, strict=True))
            found.setdefault(
                file, f"holds impossible values: {n:,} of {file.entry.rows:,} rows: {agreement.sentence} (e.g. {words})"
            )
    connection.execute("drop table if exists broken")
    return found


def _blamed(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, files: Sequence[VerifiedFile]
) -> tuple[VerifiedFile, int, tuple[str, ...]]:
    """The last file that holds such rows, how many, and the key of one."""
    key = ", ".join(agreement.key)
    for file in reversed(files):
        schema = pa.schema([TABLES[agreement.table].arrow.field(name) for name in agreement.key])
        connection.register("arriving", pa.RecordBatchReader.from_batches(schema, file.batches(agreement.key)))
        ((n, example),) = connection.execute(
            f"select count(*), any_value([{key}]) from arriving semi join broken using ({key})"  # noqa: S608
        ).fetchall()
        connection.unregister("arriving")
        if n:
            return file, int(n), tuple(map(str, example))
    raise AssertionError(f"no file holds what breaks: {agreement.sentence}")
