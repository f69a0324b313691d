"""Made-up answers inside DuckDB, in the store's own tables, as many as wanted."""

from importlib.resources import files

import duckdb

DATASET = "made"
SETTINGS: dict[str, str | bool | int | float | list[str]] = {"threads": 2}  # as the store has
_N_OPTIONS = 4
_COUNTED = {"model", "dataset", "language", "fact_ix", "predicted", "correct", "parsed"}
_SQL = files("engine.database") / "sql"
# Four in five answers follow the fact's difficulty, alike in every language, one is its own; 1 % are not measured.
_ANSWERS = """
    insert into answers by name
    with drawn as (
        select
            language, fact_ix, gold_ix,
            hash(fact_ix, $model) % 100 as difficulty, hash(language, fact_ix, $model) % 100 as luck,
            (gold_ix + 1 + hash($model, fact_ix, language, 'wrong') % 3) % 4 as wrong
        from languages cross join facts
    )
    select
        $model::model_id as model, $dataset::dataset_id as dataset, language::language_id as language, fact_ix,
        case when luck > 0 then case when is_right then gold_ix else wrong end end as predicted,
        case when luck > 0 then is_right end as correct, true as parsed
    from (select *, case when luck <= 20 then luck <= 12 else difficulty < 60 end as is_right from drawn)
    order by language, fact_ix
"""


def run_sql(connection: duckdb.DuckDBPyConnection, step: str, **parameters: object) -> None:
    """Run one of the store's own files of SQL statements, each with the parameters that it names."""
    for statement in connection.extract_statements((_SQL / f"{step}.sql").read_text(encoding="utf-8")):
        bound = {name: parameters[name] for name in statement.named_parameters}
        connection.execute(statement, bound or None)


def make_answers(
    *, models: int, languages: int, facts: int, narrow: bool, database: str = ":memory:"
) -> duckdb.DuckDBPyConnection:
    """A DuckDB with the store's threads and tables: models x languages x facts answers, in the store's order.

    `narrow` leaves out the columns of text, which no count reads.
    """
    connection = duckdb.connect(database, config=SETTINGS)
    names = {
        "model_id": [f"model_{number:03}" for number in range(models)],
        "dataset_id": [DATASET],
        "language_id": [f"l{number:02}" for number in range(languages)],
        "run_id": ["run"],
    }
    for enum, labels in names.items():
        listed = ", ".join(f"'{label}'" for label in labels)
        connection.execute(f"create type {enum} as enum ({listed})")
    connection.execute("create table languages as select unnest(enum_range(null::language_id))::varchar as language")
    connection.execute(
        "create table facts as select $dataset::dataset_id as dataset, range::integer as fact_ix,"
        " hash(range) % $options as gold_ix, gold_ix::varchar as gold_key from range($facts)",
        {"dataset": DATASET, "options": _N_OPTIONS, "facts": facts},
    )
    run_sql(connection, "answers")
    if narrow:
        for (column,) in connection.execute("select column_name from (describe answers)").fetchall():
            if column not in _COUNTED:
                connection.execute(f"alter table answers drop column {column}")
    for model in names["model_id"]:
        connection.execute(_ANSWERS, {"model": model, "dataset": DATASET})
    return connection
