"""What the Overview says to look at: the changes themselves by hand, and which of them are told."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from dashboard.app_pages.overview import findings
from engine.browse.queries import browse
from engine.database.database import Database
from tests.support.tables import fact_rows, make_store, model_rows, result_rows, run_rows

LANGUAGES = ["de", "en", "he"]
NAMES = {"de": "Deutsch", "en": "English", "he": "עברית"}
GOLD = "A" * 10
SAID = {
    "base": {"de": "AAABBBBBBB", "en": "AAAAAAAAAA", "he": "AAABBBBBBB"},
    "more": {"de": "AAAAAAAAAB", "en": "AAABBBBBBB", "he": "AAAABBBBBB"},  # built on base
    "lone": {"de": "BBBBBBBBBB", "en": "BBBBBBBBBB", "he": "BBBBBBBBBB"},  # built on a model that was not asked
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    made = make_store(
        tmp_path,
        facts=fact_rows("d", GOLD, LANGUAGES),
        results=[row for model, said in SAID.items() for row in result_rows(model, "d", GOLD, said, model)],
        runs=[row for model in SAID for row in run_rows(model, model)],
        models=[
            *model_rows("base", built_on=None),
            *model_rows("more", built_on="base", training_strategy="tuning"),
            *model_rows("lone", built_on="absent"),
        ],
    )
    yield made
    made.close()


def changed(store: Database, *models: str) -> pd.DataFrame:
    return browse(store, "built_on_changes", dataset="d", languages=LANGUAGES, models=list(models))


def test_changes_with_newcombes_interval(store: Database) -> None:
    """9/10 against 3/10 is an example of Newcombe (1998), who gives .1705 to .8090 for it by his method 10."""
    rows = changed(store, *SAID).set_index("language")
    assert set(rows["own_name"]) == {"more"}
    assert rows.loc["de", ["change", "ci_low", "ci_high"]].tolist() == pytest.approx([0.6, 0.1705, 0.8090], abs=5e-5)
    assert rows.loc["en", "change"] == pytest.approx(-0.7)
    assert rows.loc["he", "change"] == pytest.approx(0.1)
    assert rows["ci_low"]["he"] < 0 < rows["ci_high"]["he"]


def test_only_models_that_count_are_compared(store: Database) -> None:
    assert changed(store, "more", "lone").empty
    assert changed(store, "base", "lone").empty


def test_only_clear_changes_are_told(store: Database) -> None:
    (found,) = findings.changes(changed(store, *SAID), dataset="d", names=NAMES)
    assert found.sentence == "Tuning raised Deutsch (+60 pts) and lowered English (−70 pts): more, from base."
    assert (found.page, found.query) == ("pairs", {"dataset": "d", "model": "more"})


def rows(model: str, **change: float) -> pd.DataFrame:
    """Changes in points by language, each with an interval of five points to both sides."""
    return pd.DataFrame(
        {
            "model": model, "own_name": model, "base_name": "base", "training_strategy": None, "language": tag,
            "change": points / 100, "ci_low": points / 100 - 0.05, "ci_high": points / 100 + 0.05,
        }
        for tag, points in change.items()
    )  # fmt: skip


def test_the_greatest_exchange_comes_first_then_rise_and_fall() -> None:
    figures = pd.concat([
        rows("rises", a=50, b=30, c=20, d=10, e=10),
        rows("falls", a=-40),
        rows("exchanges", a=20, b=-20),
        rows("rises less", a=45),
        rows("still", a=4),
    ])  # fmt: skip
    found = findings.changes(figures, dataset="d", names={})
    assert [finding.query["model"] for finding in found] == ["exchanges", "rises", "falls"]
    assert found[0].sentence == "Further training raised a (+20 pts) and lowered b (−20 pts): exchanges, from base."
    assert found[1].sentence == (
        "Further training raised a (+50 pts), b (+30 pts), c (+20 pts) and 2 more: rises, from base."
    )
    assert len(findings.changes(figures, dataset="d", names={}, most=1)) == 1
    assert findings.changes(rows("still", a=4), dataset="d", names={}) == []
    assert findings.changes(figures.head(0), dataset="d", names={}) == []
