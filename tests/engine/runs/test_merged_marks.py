"""Options that share a token with their question are counted in the run's report and marked on the fact."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.browse.queries import browse
from engine.database.database import Database, open_database
from engine.models.interface import Advance, Continuation, Loglikelihood, Refusal, ignore
from engine.runs.report import RunReport
from engine.runs.run import run
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job, write_facts


class Merging(FakeModel):
    """A model whose B joins the colon before it, where the question is German or Chinese."""

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        merged = [c.text.strip() == "B" and not c.context.startswith("en") for c in continuations]
        return [Loglikelihood(-1.0, 1, merged=one) for one in merged]


@pytest.fixture
def asked(tmp_path: Path) -> tuple[RunReport, Database]:
    """Two facts in three languages."""
    write_facts(tmp_path, facts=2)
    return run(small_job(tmp_path), Merging), open_database([tmp_path])


def test_the_report_counts_them(asked: tuple[RunReport, Database]) -> None:
    report, _ = asked
    assert report.n_merged == 4  # two facts in German and Chinese, of six answers
    assert "4 of 6 answers have an option that shares a token with the end of its question" in report.lines()[1]
    assert len(RunReport("small", 6).lines()) == 1


def test_the_fact_names_them_where_they_are(asked: tuple[RunReport, Database]) -> None:
    _, store = asked
    rows = browse(store, "fact", dataset="capitals", fact="1", model="fake").set_index("language")
    assert {tag: list(rows["merged_options"][tag]) for tag in ("de", "zh")} == {"de": [1], "zh": [1]}
    assert rows["merged_options"].isna()["en"]
    assert store.frame("select count(*) as n from merged_options")["n"].item() == 4
