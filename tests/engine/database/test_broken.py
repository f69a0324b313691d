"""A query that DuckDB gives up: told in words, and asked again of a store opened anew where the database broke."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import streamlit as st

import engine.database.database
from dashboard import queries
from engine.database.database import BrokenStore, Database, open_database
from engine.errors import IsoglossError
from tests.support.tables import model_store

pytestmark = pytest.mark.slow

# Ten thousand million million pairs: nobody waits for their end.
ENDLESS = "select count(*) as n from range(100_000_000) a, range(100_000_000) b where a.range * b.range % 7 = 3"


class Breaking:
    """A connection whose database breaks at its first query, as DuckDB's does: what comes after is refused as well."""

    def __init__(self) -> None:
        self.asked = 0

    def cursor(self) -> "Breaking":
        return self

    def __enter__(self) -> "Breaking":
        return self

    def __exit__(self, *_: object) -> None: ...

    def execute(self, sql: str, parameters: object) -> None:
        self.asked += 1
        if self.asked == 1:
            raise duckdb.InternalException("INTERNAL Error: two dictionaries\nStack Trace: 0x0\n")
        raise duckdb.FatalException("FATAL Error: database has been invalidated")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of two facts in three languages, as the dashboard reads it."""
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    for cache in (st.cache_data, st.cache_resource):
        cache.clear()
    model_store(tmp_path, "AB", {"en": "AB", "de": "AA", "he": "BA"}).close()
    yield tmp_path
    for cache in (st.cache_data, st.cache_resource):
        cache.clear()


def test_a_query_that_takes_too_long_is_stopped_and_says_so(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.database.database, "_LONGEST_QUERY", 50)
    store = open_database([small])
    with pytest.raises(IsoglossError, match=r"took more than 0\.05 s and was stopped") as stopped:
        store.frame(ENDLESS)
    assert stopped.value.exit_status == 75 and not isinstance(stopped.value, BrokenStore)
    assert store.frame("select 1 as one")["one"].tolist() == [1]  # the store is as good as before
    store.close()


def test_a_broken_database_is_told_from_a_wrong_query(small: Path) -> None:
    store = Database(Breaking(), version="", problems=())  # type: ignore[arg-type]
    for said in ("two dictionaries", "has been invalidated"):
        with pytest.raises(BrokenStore, match=f"failed within itself .*{said}") as broken:
            store.frame("select 1")
        assert "Stack Trace" not in str(broken.value)
    opened = open_database([small])
    with pytest.raises(duckdb.CatalogException):
        opened.frame("select * from nothing")
    opened.close()


def test_pages_go_on_with_a_store_that_is_opened_anew(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = queries.version()
    broken = queries._store(version)
    healthy = broken._connection
    monkeypatch.setattr(broken, "_connection", Breaking())
    counts = queries.metric(version, "accuracy", dataset="d", model="m", languages=("de", "en", "he"), pivot="en")
    assert dict(zip(counts["language"], counts["correct"], strict=True)) == {"en": 2, "de": 1, "he": 0}
    assert queries._store(version) is not broken
    healthy.close()


def test_a_store_that_breaks_again_is_no_endless_loop(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Database] = []

    def open_broken(_: object) -> Database:
        opened.append(Database(Breaking(), version="", problems=()))  # type: ignore[arg-type]
        return opened[-1]

    monkeypatch.setattr(queries, "open_database", open_broken)
    with pytest.raises(BrokenStore, match="two dictionaries"):
        queries.view(queries.version(), "catalogue")
    assert len(opened) == 2


def test_the_cache_that_breaks_databases_is_off_where_queries_run(small: Path) -> None:
    store = open_database([small])
    assert store.frame("select current_setting('debug_enable_caching_operators') as cache")["cache"].tolist() == [False]
    with pytest.raises(duckdb.Error, match="locked"):
        store.frame("set debug_enable_caching_operators = true")
    store.close()
