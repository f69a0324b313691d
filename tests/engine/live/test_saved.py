"""Live probes in the store: found, replaced, named, deleted, put back, promoted; whole or not at all."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.database.check import check_store
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.importers.own_facts.importer import import_facts
from engine.live.fact.questions import fact_of, fact_questions
from engine.live.protocol.answer import live_answer
from engine.live.protocol.answer_message import answer_message
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.refusals import NoSuchProbe
from engine.live.saved.promotion import promote
from engine.live.saved.reading import saved_probe, saved_probes
from engine.live.saved.writing import FinishedProbe, delete, rename, save, undo
from engine.store.verify import read_snapshot
from tests.engine.live.test_fact import FACT
from tests.support.fake_model import IDENTITY, FakeModel
from tests.support.probe_settings import probe_settings

pytestmark = pytest.mark.slow

OTHER = FACT | {"gold": [1]}
_NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def _finished(
    fact: Mapping[str, Any] = FACT,
    *,
    asking: ProbeSettings | None = None,
    model: str = "fake",
    minutes: int = 0,
    name: str = "",
) -> FinishedProbe:
    asking = asking or ProbeSettings()
    probe = probe_of(asking)
    answers = probe.ask(FakeModel(say=lambda _: "Rome"), fact_questions(fact_of(fact)))
    started = _NOON + timedelta(minutes=minutes)
    identity = replace(IDENTITY, name=model)
    return FinishedProbe(probe, identity, answers, started, started + timedelta(seconds=2), asking.model_dump(), name)


def _save(store: Path, fact: Mapping[str, Any] = FACT, **more: Any) -> str:
    probe = _finished(fact, **more)
    save(store, [probe])
    return probe.saved_id


def _rows(store: Path) -> dict[str, list[dict[str, object]]]:
    snapshot = read_snapshot(store)
    assert not snapshot.problems
    return {file.entry.table: [row for batch in file.batches() for row in batch.to_pylist()] for file in snapshot.files}


def _counts(store: Path) -> dict[str, int]:
    return {table: len(rows) for table, rows in _rows(store).items()}


def test_a_probe_is_saved_as_rows_of_source_live(tmp_path: Path) -> None:
    saved_id = _save(tmp_path, name="Mine: “Paris”")
    rows = _rows(tmp_path)
    assert {table: len(found) for table, found in rows.items()} == {"facts": 3, "results": 3, "runs": 1}
    assert rows["runs"][0]["source"] == "live"
    assert rows["runs"][0]["n_done"] == 3
    assert {row["dataset"] for row in rows["facts"]} == {"live"}
    assert {row["language"] for row in rows["results"]} == {"en", "de", "he"}
    assert not check_store([tmp_path]).findings
    (listed,) = saved_probes(tmp_path)
    assert (listed.saved_id, listed.name, listed.languages) == (saved_id, "Mine: “Paris”", ("de", "en", "he"))


def test_the_same_probe_replaces_its_rows_and_another_model_shares_the_fact(tmp_path: Path) -> None:
    assert _save(tmp_path, name="mine") == _save(tmp_path, minutes=1)
    assert _counts(tmp_path) == {"facts": 3, "results": 3, "runs": 1}
    (again,) = saved_probes(tmp_path)
    assert (again.name, again.started) == ("mine", "2026-01-02T12:01:00+00:00")  # the name stays
    assert _save(tmp_path, model="second") != _save(tmp_path, OTHER)
    # two facts of three languages; the first of two models, the second of one
    assert _counts(tmp_path) == {"facts": 6, "results": 9, "runs": 2}
    assert not check_store([tmp_path]).findings


def test_every_fact_of_a_way_of_asking_speaks_not_only_the_last(tmp_path: Path) -> None:
    save(tmp_path, [_finished(), _finished(OTHER, minutes=1)])  # in one commit
    store = open_database([tmp_path])
    answers = store.frame("select model::varchar as model, count(*) as n from answers group by all")
    store.close()
    assert answers.values.tolist() == [["fake", 6]]
    (run,) = _rows(tmp_path)["runs"]
    assert (run["n_done"], run["started"], run["finished"]) == (6, _NOON, _NOON + timedelta(seconds=62))


def test_many_at_once_are_saved_as_one_after_the_other(tmp_path: Path) -> None:
    probes = [_finished(), _finished(OTHER, minutes=1), _finished(model="second", minutes=2), _finished(minutes=3)]
    save(tmp_path / "at once", probes)
    for probe in probes:
        save(tmp_path / "in turn", [probe])
    at_once, in_turn = _rows(tmp_path / "at once"), _rows(tmp_path / "in turn")
    assert _counts(tmp_path / "at once") == {"facts": 6, "results": 9, "runs": 2}
    for table, rows in at_once.items():
        assert sorted(map(str, rows)) == sorted(map(str, in_turn[table]))
    save(tmp_path / "at once", [])
    assert _rows(tmp_path / "at once") == at_once


def test_deleting_can_be_taken_back(tmp_path: Path) -> None:
    first, second, other = _save(tmp_path), _save(tmp_path, model="second"), _save(tmp_path, OTHER)
    whole = _rows(tmp_path)
    one_answer = delete(tmp_path, first)  # the second model was asked the same fact
    assert _counts(tmp_path) == {"facts": 6, "results": 6, "runs": 2}
    whole_fact = delete(tmp_path, other)
    assert _counts(tmp_path) == {"facts": 3, "results": 3, "runs": 1}
    undo(tmp_path, whole_fact)
    undo(tmp_path, one_answer)
    undo(tmp_path, one_answer)  # a second time changes nothing
    assert {table: sorted(map(str, rows)) for table, rows in _rows(tmp_path).items()} == {
        table: sorted(map(str, rows)) for table, rows in whole.items()
    }
    for saved_id in (first, second, other):
        delete(tmp_path, saved_id)
    assert _counts(tmp_path) == {"facts": 0, "results": 0, "runs": 0}
    with pytest.raises(NoSuchProbe, match="it may have been deleted"):
        delete(tmp_path, first)
    undo(tmp_path, whole_fact)
    assert _counts(tmp_path) == {"facts": 3, "results": 3, "runs": 1}


def test_what_was_asked_again_meanwhile_is_not_put_back_over_it(tmp_path: Path) -> None:
    deleted = delete(tmp_path, _save(tmp_path))
    _save(tmp_path, minutes=5)
    undo(tmp_path, deleted)
    assert [saved.started for saved in saved_probes(tmp_path)] == ["2026-01-02T12:05:00+00:00"]


def test_a_name_is_given_and_taken_away(tmp_path: Path) -> None:
    saved_id, other = _save(tmp_path), _save(tmp_path, OTHER)
    before = _rows(tmp_path)["results"]
    rename(tmp_path, saved_id, "בירה \N{REGIONAL INDICATOR SYMBOL LETTER F}")
    assert {saved.saved_id: saved.name for saved in saved_probes(tmp_path)} == {
        saved_id: "בירה \N{REGIONAL INDICATOR SYMBOL LETTER F}",
        other: "",
    }
    assert _rows(tmp_path)["results"] == before
    rename(tmp_path, saved_id, "")
    assert {saved.name for saved in saved_probes(tmp_path)} == {""}
    for name in ("x" * 201, "a\nb", "a\0", "\ud800", "\u202e"):
        with pytest.raises(IsoglossError, match="at most 200 characters"):
            rename(tmp_path, saved_id, name)
    for missing in ("live-" + "0" * 16 + "-" + "0" * 12, "../x", "", "live"):
        with pytest.raises(NoSuchProbe):
            rename(tmp_path, missing, "a")


@pytest.mark.parametrize(
    "asking",
    [
        ProbeSettings(),
        probe_settings(permute="cyclic"),
        probe_settings("cloze", choose_by="pmi"),
        probe_settings("cloze", choose_by="byte"),
        probe_settings("cloze", choose_by="character"),
        ProbeSettings(probe="generation"),
    ],
    ids=str,
)
def test_a_saved_probe_is_read_as_it_was_told(tmp_path: Path, asking: ProbeSettings) -> None:
    probe = _finished(asking=asking)
    save(tmp_path, [probe])
    read = saved_probe(tmp_path, probe.saved_id)
    told = {answer.question.language: answer_message(answer, probe.probe) for answer in probe.answers}
    assert read.languages == told
    assert fact_questions(read.fact)[0].fact_id == probe.fact_id  # asked again it is the same fact
    assert probe_of(ProbeSettings.model_validate(read.summary.asking)) == probe.probe
    assert read.summary.n_right == sum(answer.correct or False for answer in probe.answers)
    assert set(read.summary.languages) == {"de", "en", "he"}


def test_the_prompts_stay_with_a_saved_probe(tmp_path: Path) -> None:
    probe = _finished()
    told = [
        live_answer(answer, prompts=[f"{answer.question.language}?", "again?"], prompt_tokens=2, pieces=[], seconds=0.1)
        for answer in probe.answers
    ]
    save(tmp_path, [replace(probe, answers=told), _finished(OTHER)])
    read = saved_probe(tmp_path, probe.saved_id).languages
    assert {tag: answer.prompts for tag, answer in read.items()} == {
        tag: (f"{tag}?", "again?") for tag in FACT["texts"]
    }
    other = saved_probe(tmp_path, _finished(OTHER).saved_id).languages
    assert [answer.prompts for answer in other.values()] == [()] * 3  # none were told


def test_a_damaged_file_is_not_written_over(tmp_path: Path) -> None:
    _save(tmp_path)
    (file,) = (tmp_path / "results").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(IsoglossError, match="is damaged"):
        _save(tmp_path, OTHER)
    with pytest.raises(IsoglossError, match="is damaged"):
        saved_probes(tmp_path)
    assert file.exists()


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IsoglossError, match="cannot write in"):
        _save(tmp_path / "file" / "live")


def test_promoted_probes_are_a_dataset_of_the_users_own(tmp_path: Path) -> None:
    live, main = tmp_path / "live", tmp_path
    saved_ids = [_save(live, name="mine"), _save(live, OTHER), _save(live, model="second")]
    promoted = promote(live, main, saved_ids[:2], "mine")
    assert (promoted.facts, promoted.answers) == (2, 6)
    promote(live, main, saved_ids, "mine")  # the first two take their own place
    promote(live, main, saved_ids[:1], "also-mine")
    assert len(load_questions([main], "mine")) == 6
    assert len(load_questions([main], "also-mine")) == 3
    store = open_database([main])
    answers = store.frame("select dataset::varchar as d, model::varchar as m, count(*) as n from answers group by all")
    sources = store.frame("select distinct source from runs")
    store.close()
    assert sorted(answers.values.tolist()) == [["also-mine", "fake", 3], ["mine", "fake", 6], ["mine", "second", 3]]
    assert sources.values.tolist() == [["live"]]
    assert not check_store([main]).findings
    assert len(saved_probes(live)) == 3  # they stay where they were


def test_a_dataset_that_is_somebody_elses_is_not_added_to(tmp_path: Path) -> None:
    live, main = tmp_path / "live", tmp_path
    file = tmp_path / "facts.csv"
    file.write_text("dataset,fact_id,language,question,option_1,option_2,gold\ntheirs,1,en,a?,b,c,1\n")
    assert import_facts(file, main).written is not None
    saved_id = _save(live)
    for name in ("theirs", "world", "x_geo", "calendar"):  # imported, embedded, published, embedded
        with pytest.raises(IsoglossError, match="was not made of live probes"):
            promote(live, main, [saved_id], name)
    for name in ("live", "Live", "", "-a", "a b", "../a", "a/b", "a.b", "ä", "x" * 49):
        with pytest.raises(IsoglossError, match="a dataset's name has 1 to 48"):
            promote(live, main, [saved_id], name)
    with pytest.raises(NoSuchProbe):
        promote(live, main, [saved_id, "live-x"], "mine")


def test_reading_what_is_saved_imports_neither_models_nor_probes() -> None:
    code = (
        "import sys, engine.live.saved.reading, engine.live.client, engine.configured_models, engine.live.address\n"
        "print(*{'torch', 'transformers', 'engine.models', 'engine.probes', 'fastapi'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
