"""One model asked in several ways, in three languages, and what it has right."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from engine.database.compute import compute
from engine.database.database import Database
from tests.support.tables import fact_rows, make_store, result_rows

GOLD, LANGUAGES = "ABCA", ["de", "en", "he"]
BY_LETTER = {"en": "ABCA", "de": "ABCB", "he": "ABDB"}  # right: 4, 3, 2 of 4
BY_CLOZE = {"en": "BBBB", "de": "DDDD", "he": "CCCC"}  # right: 1, 0, 1 of 4
Rows = list[dict[str, object]]
Open = Callable[..., Database]


@contextmanager
def opened_stores(folder: Path) -> Iterator[Open]:
    """Makes a store of answers and runs to facts in three languages; it closes with the context."""
    with ExitStack() as stores:

        def make(results: Rows, runs: Rows, **tables: Rows) -> Database:
            facts = fact_rows("d", GOLD, LANGUAGES) + fact_rows("e", GOLD, LANGUAGES)
            tables = {"facts": facts, "results": results, "runs": runs} | tables
            return stores.enter_context(closing(make_store(folder / "store", **tables)))

        yield make


def asked(said: dict[str, str], run: str, probe: str | None, template: str | None, dataset: str = "d") -> Rows:
    return result_rows("m", dataset, GOLD, said, run, probe=probe, template=template)


def right(store: Database, name: str, dataset: str = "d") -> dict[str, int]:
    rows = compute(store, "accuracy", models=[name], datasets=[dataset])
    assert set(rows["model"]) <= {name}
    return dict(zip(rows["language"], rows["correct"], strict=True))
