"""The pages' queries, straight through the store: a pair matrix, the facts behind a cell, and the search."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from engine.browse.queries import browse
from engine.database.database import Database, open_database
from engine.locations import EMBEDDED
from engine.schema import TABLES
from engine.store.verify import read_snapshot
from engine.store.write import TableFile, write_files
from tests.bench.figure import Figure
from tests.bench.ground import NO_RELEASE, Ground
from tests.bench.matrix_queries import SELF_JOIN
from tests.bench.rounds import Task, medians, take_turns

TEXTS = {"en": "capital", "he": "ירושלים", "ar": "عاصمة", "ru": "город", "ja": "日本"}  # words of the questions
_LANGUAGES = ["ar", "de", "en", "fr", "he", "it", "ja", "pl", "ru", "zh"]
_CELLS = [("fr", "he"), ("en", "ja"), ("ar", "de"), ("ru", "zh")]
_FOLDED_NOW = "contains(folded(concat_ws(' ', question, array_to_string(options, ' '), subject)), folded($text))"


def measure(ground: Ground) -> Iterator[Figure]:
    """Medians over models, cells and words; each with its bar."""
    if not ground.release:
        for name in ("pair matrix from pair counts", "facts of a cell with texts", "search"):
            yield Figure(name, None, "ms", why_not=NO_RELEASE)
        return
    rounds = 10 if ground.quick else 60
    store = open_database([EMBEDDED, ground.imported])
    try:
        yield from _matrix(store, rounds)
        yield from _facts(store, rounds)
    finally:
        store.close()
    merged = open_database([_in_one_dataset(ground)])
    try:
        yield from _search(merged, rounds)
    finally:
        merged.close()


def _matrix(store: Database, rounds: int) -> Iterator[Figure]:
    chosen = _models(store, "answers", rounds + 1)
    published = _models(store, "figure_sources", rounds + 1)
    tasks: dict[str, Task] = {
        "any": lambda n: browse(store, "pair_cells", **published[n]),
        "answered": lambda n: browse(store, "pair_cells", **chosen[n]),
        "summary": lambda n: browse(
            store, "pair_summary", **published[n], languages=_LANGUAGES, measure=("overlap", "transfer")[n % 2]
        ),
        "counts": lambda n: store.frame("from pair_counts where model = $model and dataset = $dataset", chosen[n]),
        "join": lambda n: store.frame(SELF_JOIN, chosen[n]),
    }
    ms = medians(take_turns(tasks, rounds=rounds))
    yield Figure("pair matrix: the rows of pair_counts / half self-join", ms["counts"], "ms", ms["join"], at_most=5)
    yield Figure(
        "pair matrix: the page's view pair_cells / half self-join", ms["answered"], "ms", ms["join"], at_most=5
    )
    yield Figure("pair matrix: pair_cells, any of 46 models", ms["any"], "ms", at_most=5)
    yield Figure("pair_summary, the key figures of the same page", ms["summary"], "ms")


def _models(store: Database, table: str, wanted: int) -> list[dict[str, Any]]:
    """Model and dataset of each round, shuffled."""
    rows = store.frame(f"select distinct model, dataset from {table} order by hash(model::varchar, dataset::varchar)")
    pairs = [{"model": str(row.model), "dataset": str(row.dataset)} for row in rows.itertuples()]
    return list(islice(cycle(pairs), wanted))


def _facts(store: Database, rounds: int) -> Iterator[Figure]:
    def facts(dataset: str, limit: int) -> Callable[[int], pd.DataFrame]:
        def query(number: int) -> pd.DataFrame:
            a, b = _CELLS[number % len(_CELLS)]
            return browse(
                store, "pair_facts", model="llama2_13b", dataset=dataset, language_a=a, language_b=b,
                facts_group=("only_a", "only_b")[number % 2], limit=limit, offset=0,
            )  # fmt: skip

        assert len(query(0)) == min(limit, int(query(0)["n_facts"].iloc[0])) > 0
        return query

    tasks: dict[str, Task] = {
        f"{title} of a cell of {dataset} with both texts": facts(dataset, limit)
        for dataset in ("x_geo", "x_csqa")
        for title, limit in (("6 facts", 6), ("all facts", 1_000_000))
    }
    for name, ms in medians(take_turns(tasks, rounds=rounds)).items():
        yield Figure(name, ms, "ms", at_most=50)


def _search(store: Database, rounds: int) -> Iterator[Figure]:
    n_texts = len(store.frame("select fact_ix from fact_texts"))

    def search(text: str) -> Task:
        def query(number: int) -> pd.DataFrame:
            return browse(
                store, "search", dataset="all", text=text, shown="en", model=("chatgpt", "llama2_13b")[number % 2],
                languages=_LANGUAGES, relation=None, right_in=[], wrong_in=[], known_from=None, known_to=None,
                sort="disagreement" if number % 3 else "order", limit=10, offset=0,
            )  # fmt: skip

        assert len(query(0)), f"no fact says {text}"
        return query

    tasks: dict[str, Task] = {tag: search(text) for tag, text in TEXTS.items()} | {"all facts": search("")}
    tasks["folding"] = lambda n: store.frame(
        f"select count(*) from fact_texts where {_FOLDED_NOW}", {"text": list(TEXTS.values())[n % len(TEXTS)]}
    )
    ms = medians(take_turns(tasks, rounds=rounds))
    words = [ms[tag] for tag in TEXTS]
    slowest = max(TEXTS, key=ms.__getitem__)
    yield Figure(
        f"search over {n_texts:,} texts, mean of 5 words / folding them anew",
        sum(words) / len(words),
        "ms",
        reference=ms["folding"],
        at_most=100,
    )
    yield Figure(f"search, the slowest of the 5 words ({slowest})", ms[slowest], "ms", at_most=100)
    yield Figure("search without a word: every fact, sorted", ms["all facts"], "ms", at_most=100)


def _in_one_dataset(ground: Ground) -> Path:
    """The release's part with its four datasets as one: the search looks into one dataset, and none has all texts."""
    store = ground.folder / "merged"
    files = []
    for file in read_snapshot(ground.imported).files:
        rows = pa.Table.from_batches(list(file.batches())).to_pandas()
        if "fact_id" in rows:
            rows["fact_id"] = rows["dataset"].astype(str) + "-" + rows["fact_id"].astype(str)
            rows["dataset"] = "all"
        table = pa.Table.from_pandas(rows, TABLES[file.entry.table].arrow.remove_metadata(), preserve_index=False)
        files.append(TableFile(file.entry.table, file.entry.name, table))
    write_files(store, files)
    return store
