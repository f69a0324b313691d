"""An open store reaches no file, no network and no setting; and values are values, whatever they hold."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import duckdb
import pandas as pd
import pytest

import engine.database.database
from engine.browse.queries import View, browse
from engine.database.compute import compute
from engine.database.database import Database
from engine.errors import IsoglossError
from engine.metrics.definition import metrics
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows, trait_rows

pytestmark = pytest.mark.slow

SECRET = "sentinel of another dataset"
LANGUAGES = ["de", "en", "he"]
planted = pd.DataFrame({"secret": [SECRET]})  # what a replacement scan would find by its name


def two_datasets(folder: Path) -> Database:
    """Dataset d for everybody, and dataset hidden with what must not come out by way of d."""
    facts = [*fact_rows("d", "ABCA", LANGUAGES), *fact_rows("hidden", "AB", LANGUAGES)]
    for row in facts:
        row["question"] = SECRET if row["dataset"] == "hidden" else row["question"]
    results = result_rows("m", "d", "ABCA", {"en": "ABCB", "de": "ABDB", "he": "BB?D"})
    results += result_rows("n", "hidden", "AB", {"en": "AB", "de": "AB", "he": "AB"})
    taught = {"en": "tt..", "de": "t...", "he": "...."}
    return make_store(
        folder,
        facts=facts,
        results=results,
        runs=[*run_rows("m"), *run_rows("n")],
        exposure=exposure_rows("m", "d", taught),
        traits=trait_rows("d", {"en": "bbbb", "de": "b...", "he": "...."}),
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = two_datasets(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


REACHING = [
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_text('{folder}/seen.csv')",
    "select * from read_csv('{folder}/seen.csv')",
    "select * from read_json('{folder}/seen.csv')",
    "select * from read_parquet('{folder}/*.parquet')",
    "select * from parquet_metadata('{folder}/seen.parquet')",
    "select * from sniff_csv('{folder}/seen.csv')",
    "select * from glob('/etc/*')",
    "select * from '{folder}/seen.csv'",
    "select * from '/etc/passwd'",
    "select * from query('select * from read_text(''/etc/passwd'')')",
    "select * from query_table('{folder}/seen.csv')",
    "explain analyze select * from read_text('/etc/passwd')",
    "create view v as select * from read_text('/etc/passwd')",
    "prepare p as select * from read_text('/etc/passwd')",
    "select * from planted",
    "select * from parameters",
    "select * from sql",
    "select getenv('HOME')",
    "copy facts to '{folder}/new.csv'",
    "copy (select 1) to '{folder}/new.parquet' (format parquet)",
    "copy (select 1) to 'new.csv'",
    "copy (select 1) to '/dev/stdout'",
    "copy facts from '{folder}/seen.csv'",
    "export database '{folder}/new'",
    "import database '{folder}'",
    "pragma import_database('{folder}')",
    "attach '{folder}/new.duckdb' as new",
    "attach '{folder}/seen.csv' as seen (type sqlite)",
    "install httpfs",
    "force install httpfs",
    "install h3 from community",
    "load httpfs",
    "load '{folder}/new.duckdb_extension'",
    "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "select * from 's3://bucket/x.parquet'",
    "create secret s (type s3, key_id 'x', secret 'y')",
    "create persistent secret s (type http, bearer_token 'x')",
    "call enable_logging(storage = 'file', storage_path = '{folder}')",
    "call enable_profiling()",
    "pragma enable_profiling",
    "pragma profiling_output = '{folder}/new.json'",
    "set profiling_output = '{folder}/new.json'",
    "set log_query_path = '{folder}/new.log'",
    "set home_directory = '{folder}'",
    "set extension_directory = '{folder}'",
    "set secret_directory = '{folder}'",
    "set allowed_paths = ['{folder}/seen.csv']",
    "set allow_unsigned_extensions = true",
]
IN_FORCE = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
    "memory_limit": "3.7 GiB",  # 4 GB
    "max_temp_directory_size": "7.4 GiB",  # 8 GB
    "threads": "2",
    "max_execution_time": "5000",  # milliseconds
}


@pytest.mark.parametrize("statement", REACHING)
def test_nothing_outside_is_reached(
    store: Database, tmp_path: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seen.csv").write_text("secret\nseen\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine.database.database, "planted", planted, raising=False)
    with pytest.raises(duckdb.Error):
        store.frame(statement.replace("{folder}", str(tmp_path)))
    assert [path.name for path in tmp_path.rglob("*")] == ["seen.csv"]


@pytest.mark.parametrize("statement", ["select secret from '{folder}/seen.csv'", "select * from planted"])
def test_control_an_open_door_is_seen(tmp_path: Path, statement: str) -> None:
    (tmp_path / "seen.csv").write_text("secret\nseen\n", encoding="utf-8")
    with duckdb.connect(":memory:") as connection:
        assert connection.cursor().execute(statement.replace("{folder}", str(tmp_path))).fetchall()


@pytest.mark.parametrize(
    "form", ["set {} = {}", "set global {} = {}", "set session {} = {}", "pragma {} = {}", "reset {}"]
)
@pytest.mark.parametrize("setting", [*IN_FORCE, "temp_directory", "allowed_directories"])
def test_no_setting_can_be_changed(store: Database, setting: str, form: str) -> None:
    before = settings_of(store)[setting]
    with pytest.raises(duckdb.Error):
        store.frame(form.format(setting, "1"))
    assert settings_of(store)[setting] == before


@pytest.mark.parametrize("setting", IN_FORCE)
def test_settings_are_in_force_where_queries_run(store: Database, setting: str) -> None:
    assert settings_of(store)[setting] == IN_FORCE[setting]


def test_each_store_may_write_to_a_folder_of_its_own_alone(tmp_path: Path) -> None:
    stores = [make_store(tmp_path), make_store(tmp_path)]
    spills = [Path(settings_of(opened)["temp_directory"]) for opened in stores]
    for opened, spill in zip(stores, spills, strict=True):
        assert settings_of(opened)["allowed_directories"] == f"[{spill}/]"  # what DuckDB makes of an empty list
        assert spill.parent == Path(tempfile.gettempdir())
        with pytest.raises(duckdb.Error):
            opened.frame(f"copy (select 1) to '{spill}/new.csv'")
        opened.close()
        assert not spill.exists()
    assert spills[0] != spills[1]


def settings_of(store: Database) -> dict[str, str]:
    rows = store.frame("select name, value from duckdb_settings()")
    return dict(zip(rows["name"], rows["value"], strict=True))


# What each begins with ends a value in quotes, in a list, in brackets, or not at all; what follows asks for more.
_ENDS = ("'", "' ", "\\'", '"', "')", "']", "m'", "d'")
_MORE = (
    " or 1=1 --",
    " or '1'='1",
    " union select question from fact_texts --",
    "; drop table facts; --",
    " /* ",
)
PAYLOADS = [end + more for end in _ENDS for more in _MORE] + ["$model", "?", "%", "_", ".*", "*", "NULL", "\0", "{m}"]


# Every parameter of the views, as the pages fill it.
GIVEN: dict[str, object] = {
    "model": "m", "dataset": "d", "fact": "0", "languages": LANGUAGES, "language_a": "en", "language_b": "de",
    "facts_group": "both", "measure": "overlap", "text": "", "relation": None, "right_in": [], "wrong_in": [],
    "known_from": None, "known_to": None, "sort": "order", "shown": "en", "limit": 99, "offset": 0,
    "models": ["m"], "strings": "all", "read": "en", "language": "en", "subject": "s", "answer": "o",
    "questions": [], "subjects": [], "relations": [], "named": "",
}  # fmt: skip
# Of what this store holds nothing: they must stay empty.
_SILENT: tuple[View, ...] = (
    "asking_wordings", "built_on_changes",
    "probe_answers", "probe_answer_relations", "probe_relations", "probe_subjects", "facts_alike",
)  # fmt: skip
_NUMBERS = ("known_from", "known_to", "limit", "offset")  # the pages read them as numbers


def parameters_of(view: View) -> list[str]:
    sql = (files("engine.browse") / f"{view}.sql").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"\$(\w+)", sql)))


FILTERS = [(view, name) for view in get_args(View) for name in parameters_of(view) if name not in _NUMBERS]


def n_rows(store: Database) -> list[int]:
    tables = ("facts", "fact_texts", "answers", "accuracy_counts", "pair_counts", "pair_cells")
    return [int(store.frame(f"select count(*) as n from {table}")["n"].item()) for table in tables]


@pytest.mark.parametrize(("view", "name"), FILTERS)
def test_no_filter_of_a_view_leaks(store: Database, view: View, name: str) -> None:
    before = n_rows(store)
    given = {key: GIVEN[key] for key in parameters_of(view)}
    assert browse(store, view, **given).empty == (view in _SILENT)
    for payload in PAYLOADS:
        found = browse(store, view, **given | {name: [payload] if isinstance(GIVEN[name], list) else payload})
        assert SECRET not in found.to_csv()
        assert "n" not in set(found.get("model", ()))
        if name in ("dataset", "fact", "text", "relation", "language_a", "language_b", "facts_group", "right_in"):
            assert found.empty or view in ("overview_figures", "pair_summary"), payload
        assert found.empty or view not in _SILENT
    assert n_rows(store) == before


@pytest.mark.parametrize("metric", metrics())
def test_metrics_refuse_what_names_nothing(store: Database, metric: str) -> None:
    before = n_rows(store)
    for payload in PAYLOADS:
        filters: list[dict[str, Any]] = [{"models": [payload]}, {"datasets": ["d", payload]}, {"languages": [payload]}]
        for filter in [*filters, {"pivot": payload}] if metric == "en_co" else filters:
            with pytest.raises(IsoglossError, match="there are: "):
                compute(store, metric, **filter)
    assert n_rows(store) == before


def test_metrics_are_named_by_a_list(store: Database) -> None:
    for payload in [*PAYLOADS, "facts", "accuracy_counts", "accuracy; drop table facts"]:
        with pytest.raises(IsoglossError, match="no metric .* there are: accuracy, chance"):
            compute(store, payload)


def test_control_the_same_payloads_leak_and_destroy_where_values_are_pasted(tmp_path: Path) -> None:
    opened, leaks = two_datasets(tmp_path), 0
    for payload in PAYLOADS:
        with suppress(duckdb.Error):
            rows = opened.frame(f"select question from fact_texts where dataset = 'd' and question = '{payload}'")
            leaks += SECRET in rows.to_csv()
    print(f"{leaks} of {len(PAYLOADS)} payloads leak")
    assert leaks >= 5
    with pytest.raises(duckdb.CatalogException, match="facts does not exist"):
        opened.frame("select * from facts")
    opened.close()
