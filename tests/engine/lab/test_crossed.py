"""What crossed, computed twice: by the measure in SQL, and by the lab from the answers themselves."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.database.compute import compute
from engine.database.database import Database, open_database
from engine.lab.crossed_bootstrap import crossed_difference
from engine.locations import EMBEDDED
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows

pytestmark = pytest.mark.slow

LANGUAGES = ["de", "en", "he"]
_ANSWERS = """
    select f.fact_id, a.language::varchar as language, a.correct, e.knowledge
    from answers as a join facts as f using (dataset, fact_ix) join askings as k on k.label = a.model
    join (
        select *, case when taught then 'here' when bool_or(taught) over (partition by model, dataset, fact_id)
            then 'elsewhere' else 'nowhere' end as knowledge
        from exposure
    ) as e
        on e.model = k.model and e.dataset = a.dataset::varchar and e.fact_id = f.fact_id
        and e.language = a.language::varchar
    where a.model::varchar = $model and a.correct is not null
"""


def check(store: Database, model: str) -> int:
    """Hold the measure against the lab's own count in every language; in how many of them something crossed or not."""
    answers = store.frame(_ANSWERS, {"model": model})
    measured = compute(store, "crossed", models=[model], interval=True)
    compared = 0
    for row in measured[(measured["strings"] == "all") & (measured["language"] != "en")].to_dict("records"):
        found = crossed_difference(answers[answers["language"] == row["language"]])
        if found is None:
            assert pd.isna(row["crossed"])
            continue
        assert (found.n_elsewhere, found.n_nowhere) == (row["n_elsewhere"], row["n_nowhere"])
        assert found.elsewhere == pytest.approx(row["accuracy_elsewhere"])
        assert found.nowhere == pytest.approx(row["accuracy_nowhere"])
        if found.nowhere == 1:
            assert pd.isna(row["crossed"])
            continue
        assert found.difference / (1 - found.nowhere) == pytest.approx(row["crossed"])
        # with many facts a bootstrap and a formula hardly differ: each interval holds the other's figure
        if min(found.n_elsewhere, found.n_nowhere) > 30:
            assert row["ci_low"] * (1 - found.nowhere) == pytest.approx(found.low, abs=0.1)
            assert row["ci_high"] * (1 - found.nowhere) == pytest.approx(found.high, abs=0.1)
        compared += 1
    return compared


def test_both_agree_on_the_lab_models() -> None:
    store = open_database([EMBEDDED])
    models = [f"{model}:cloze:bare/question-1@1" for model in ("lab-en", "lab-en-zh", "lab-mix-switch")]
    assert set(models) <= set(store.names("model"))
    assert [check(store, model) for model in models] == [9, 9, 9]
    store.close()


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_both_agree_on_any_table(data: st.DataObject) -> None:
    n = data.draw(st.integers(3, 12))
    gold = data.draw(st.text("AB", min_size=n, max_size=n))
    taught = {tag: data.draw(st.text("t.", min_size=n, max_size=n)) for tag in LANGUAGES}
    said = {tag: data.draw(st.text("AB?!", min_size=n, max_size=n)) for tag in LANGUAGES}
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(
            Path(folder), facts=fact_rows("d", gold, LANGUAGES, n_options=2), results=result_rows("m", "d", gold, said),
            runs=run_rows("m"), exposure=exposure_rows("m", "d", taught),
        )  # fmt: skip
        check(store, "m")
        store.close()
