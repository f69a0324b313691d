"""What the service answers: the numbers of the command line, token by token, and kept by itself."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from engine import cli
from engine.configured_models import ALLOWED, allowed_models
from engine.database.check import check_store
from engine.errors import IsoglossError
from engine.live.client import LiveClient, ServiceRefused
from engine.live.protocol.messages import LanguageAnswer, ProbeStatus, Promoted
from engine.live.saved.reading import live_store, saved_probe
from engine.store.verify import read_snapshot
from tests.support.live_service import FACT, FACT_TEXT, answered, make_models, serving, wait_until

pytestmark = pytest.mark.slow

Service = tuple["subprocess.Popen[bytes]", LiveClient]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    make_models(folder)
    return folder


@pytest.fixture(scope="module")
def service(store: Path) -> Iterator[Service]:
    with serving(store, "--loaded", "2") as running:
        yield running


def _numbers(languages: Mapping[str, LanguageAnswer]) -> list[float | None]:
    return [option.logprob for answer in languages.values() for option in answer.options]


@pytest.mark.parametrize("probe", ["letter", "cloze"])
@pytest.mark.parametrize("model", ["tiny", "lab-en"])
def test_service_command_and_run_are_one(service: Service, store: Path, tmp_path: Path, model: str, probe: str) -> None:
    client = service[1]
    if model == "lab-en":
        client.load(model)
        wait_until(lambda: {one.name: one.state for one in client.models()}[model] == "ready")
    asked = answered(client, client.submit(FACT_TEXT, user="a", model=model, asking={"probe": probe}))
    told = {tag: _numbers({tag: answer}) for tag, answer in asked.languages.items()}
    source = allowed_models(store / ALLOWED)[model]
    (tmp_path / "fact.json").write_text(json.dumps(FACT))
    asking = ("--model", source, "--probe", probe, "--device", "cpu")
    printed = json.loads(engine_says("probe", "--fact", str(tmp_path / "fact.json"), *asking))
    assert {
        tag: [option["logprob"] for option in answer["options"]] for tag, answer in printed["languages"].items()
    } == {tag: pytest.approx(numbers, abs=1e-6) for tag, numbers in told.items()}
    assert {tag: answer["predicted"] for tag, answer in printed["languages"].items()} == {
        tag: answer.predicted for tag, answer in asked.languages.items()
    }
    (tmp_path / "facts.jsonl").write_text("\n".join(map(json.dumps, facts_rows("mine"))))
    engine_says("import", "facts", str(tmp_path / "facts.jsonl"), "--store", str(tmp_path))
    engine_says("run", "--dataset", "mine", *asking, "--store", str(tmp_path), "--no-embedded")
    assert measured(tmp_path) == {tag: pytest.approx(numbers, abs=1e-6) for tag, numbers in told.items()}


def facts_rows(dataset: str) -> list[dict[str, Any]]:
    """The fact as a file of facts has it, one language a row; its right option counts from 1 there."""
    return [
        {"dataset": dataset, "fact_id": "1", "language": tag, "question": texts["question"], "gold": 1}
        | {f"option_{number}": option for number, option in enumerate(texts["options"], start=1)}
        for tag, texts in FACT["texts"].items()
    ]


def measured(store: Path) -> dict[str, list[float]]:
    rows = [
        row
        for file in read_snapshot(store).files
        if file.entry.table == "results"
        for batch in file.batches(["language", "option_logprobs"])
        for row in batch.to_pylist()
    ]
    return {row["language"]: row["option_logprobs"] for row in rows}


def engine_says(*arguments: str) -> str:
    """The command line in this process, with one thread as the service has it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    done = CliRunner().invoke(cli.app, arguments)
    torch.set_num_threads(threads)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def test_every_probe_is_saved_by_itself(store: Path, service: Service) -> None:
    client = service[1]
    probe = settled(client, client.submit(FACT_TEXT, user="a", model="tiny", asking={"probe": "cloze"}))
    folder = live_store(store)
    assert probe.saved_id is not None
    saved = saved_probe(folder, probe.saved_id)
    assert saved.summary.asking["probe"] == "cloze"
    assert (saved.summary.saved_id, saved.summary.fact_id) == (probe.saved_id, probe.fact_id)
    assert (saved.summary.model, saved.summary.template) == (probe.model, probe.template)
    # the same report, but for what the store does not hold
    assert saved.languages == {
        tag: answer.model_copy(update={"seconds": None, "tokens": None}) for tag, answer in probe.languages.items()
    }
    assert all(answer.seconds and answer.tokens for answer in probe.languages.values())
    again = settled(client, client.submit(saved.fact, user="a", model="tiny", asking=saved.summary.asking))
    assert again.saved_id == probe.saved_id

    client.rename(probe.saved_id, "Paris")
    assert saved_probe(folder, probe.saved_id).summary.name == "Paris"
    undo = client.delete(probe.saved_id)
    with pytest.raises(IsoglossError, match="may have been deleted"):
        saved_probe(folder, probe.saved_id)
    with pytest.raises(ServiceRefused, match="may have been deleted"):
        client.delete(probe.saved_id)
    client.undo(undo)
    assert saved_probe(folder, probe.saved_id).summary.name == "Paris"
    with pytest.raises(ServiceRefused, match="cannot be undone any more") as refused:
        client.undo(undo)
    assert refused.value.status == 404
    assert client.promote([probe.saved_id], "mine") == Promoted(dataset="mine", facts=1, answers=3)
    with pytest.raises(ServiceRefused, match="was not made of live probes"):
        client.promote([probe.saved_id], "world")
    assert not check_store([store]).findings


def test_a_probe_that_cannot_be_saved_says_why(store: Path, service: Service) -> None:
    client = service[1]
    probe = settled(client, client.submit(FACT_TEXT, user="a", model="tiny"))
    (manifest,) = live_store(store).glob("manifest.json")
    whole = manifest.read_bytes()
    manifest.write_bytes(b"{")
    try:
        probe = settled(client, client.submit(FACT_TEXT, user="a", model="tiny"))
    finally:
        manifest.write_bytes(whole)
    assert probe.state == "done"
    assert probe.saved_id is None
    assert (probe.save_problem or "").startswith("It could not be kept: ")
    assert settled(client, client.submit(FACT_TEXT, user="a", model="tiny")).saved_id is not None


def settled(client: LiveClient, probe: ProbeStatus) -> ProbeStatus:
    """The probe when it is over and saved, or cannot be."""
    probe = answered(client, probe)
    while probe.state == "done" and not (probe.saved_id or probe.save_problem):
        probe = client.poll(probe.id, seen=len(probe.languages), wait=5.0)
    return probe


def test_token_by_token(service: Service) -> None:
    client = service[1]
    probe = answered(client, client.submit(FACT_TEXT, user="a", model="tiny", asking={"probe": "cloze"}))
    for tag, answer in probe.languages.items():
        tokens = client.tokens(probe.id, tag)
        (options,) = tokens.orders
        for option, scored in zip(answer.options, options, strict=True):
            assert sum(piece.logprob for piece in scored.pieces) == pytest.approx(option.logprob, abs=1e-6)
            assert "".join(piece.text for piece in scored.pieces).strip() == option.text
    for id, tag in ((probe.id, "fr"), (probe.id, "../en"), ("none", "en")):
        with pytest.raises(ServiceRefused) as refused:
            client.tokens(id, tag)
        assert refused.value.status == 404
