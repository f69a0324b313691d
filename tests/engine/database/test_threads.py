"""One store shared by threads: every query gives what it gives alone. The control is a store without cursors."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from dashboard import queries as pages
from engine.browse.queries import browse
from engine.database.compute import compute
from engine.database.database import Database, open_database
from engine.locations import EMBEDDED
from tests.support.tables import model_store

pytestmark = pytest.mark.slow

THREADS, QUERIES = 8, 40
ROUNDS = 20  # of the control at most; one has always been enough

Query = Callable[[Database], pd.DataFrame]


class WithoutCursors(Database):
    """The planted bug: threads query on the connection that they share."""

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        return self._connection.execute(sql, parameters or None).df()


@pytest.fixture(scope="module")
def store() -> Iterator[Database]:
    opened = open_database([EMBEDDED])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def queries(store: Database) -> list[tuple[Query, pd.DataFrame]]:
    """Forty queries, two views and two metrics of ten models each, with the answers that they give alone."""
    chosen = {"dataset": "x_geo", "languages": ["de", "en", "he"]}
    asked: list[Query] = [
        query
        for model in list(browse(store, "model_summary", **chosen, models=None)["model"])[: QUERIES // 4]
        for query in (
            lambda store, m=model: browse(store, "pair_cells", model=m, dataset="x_name"),
            lambda store, m=model: browse(store, "pair_summary", model=m, measure="overlap", **chosen),
            lambda store, m=model: compute(store, "ra", models=[m], interval=True),
            lambda store, m=model: compute(store, "en_co", models=[m], languages=["de", "fr"], pivot="it"),
        )
    ]
    answers = [query(store) for query in asked]
    assert len(asked) == QUERIES
    assert len({answer.to_csv() for answer in answers}) == QUERIES, "a mix-up of two queries would not be seen"
    return list(zip(asked, answers, strict=True))


def wrong_and_failed(store: Database, queries: list[tuple[Query, pd.DataFrame]]) -> tuple[int, int]:
    """Ask every query once for each thread, in another order each time; how many answers are wrong, how many fail."""
    with ThreadPoolExecutor(THREADS) as threads:
        asked = [
            (threads.submit(query, store), right)
            for shift in range(THREADS)
            for query, right in queries[5 * shift :] + queries[: 5 * shift]
        ]
    assert len(asked) == THREADS * QUERIES
    failed = [answer for answer, _ in asked if answer.exception()]
    answered = [(answer.result(), right) for answer, right in asked if not answer.exception()]
    # a frame of a broken query may be None rather than a frame
    return sum(answer is None or not answer.equals(right) for answer, right in answered), len(failed)


def test_threads_share_a_store(store: Database, queries: list[tuple[Query, pd.DataFrame]]) -> None:
    assert wrong_and_failed(store, queries) == (0, 0)


def test_control_without_cursors_answers_are_wrong_or_fail(queries: list[tuple[Query, pd.DataFrame]]) -> None:
    opened = open_database([EMBEDDED])
    shared = WithoutCursors(opened._connection, version=opened.version, problems=())
    rounds = (wrong_and_failed(shared, queries) for _ in range(ROUNDS))
    shown = next(((wrong, failed) for wrong, failed in rounds if wrong or failed), None)
    print(f"without cursors: {shown} answers wrong, failed")
    assert shown is not None
    opened.close()


def test_a_run_keeps_its_store_while_newer_ones_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor's run began in one state of the store; others come, and see three newer ones before it asks again."""
    monkeypatch.setenv(pages.STORE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    held = None
    for gold in ("AB", "BA", "AA", "BB"):
        model_store(tmp_path, gold, {"en": "AB", "de": "AB", "he": "AB"}).close()
        newest = pages._store(pages.version())
        held = held or newest
    assert held is not None and held.version != newest.version
    assert list(compute(held, "accuracy")["correct"]) == [2, 2, 2]
    assert list(compute(newest, "accuracy")["correct"]) == [1, 1, 1]
    st.cache_resource.clear()
