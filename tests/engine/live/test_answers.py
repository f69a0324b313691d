"""What the service answers: the numbers of the command line, token by token, and kept by itself."""

import json
import subprocess
from collections.abc import Iterator
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
from engine.live.saved.reading import kept_probe, live_store
from engine.store.verify import read_snapshot
from tests.support.live_service import FACT, answered, make_models, serving, wait_until

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


def _numbers(languages: dict[str, Any]) -> list[float]:
    return [option["logprob"] for answer in languages.values() for option in answer["options"]]


@pytest.mark.parametrize("probe", ["letter", "cloze"])
@pytest.mark.parametrize("model", ["tiny", "lab-en"])
def test_service_command_and_run_are_one(service: Service, store: Path, tmp_path: Path, model: str, probe: str) -> None:
    client = service[1]
    if model == "lab-en":
        client.load(model)
        wait_until(lambda: {one["model"]: one["state"] for one in client.models()}[model] == "ready")
    asked = answered(client, client.submit(FACT, user="a", model=model, asking={"probe": probe}))
    told = {tag: _numbers({tag: answer}) for tag, answer in asked["languages"].items()}
    source = allowed_models(store / ALLOWED)[model]
    (tmp_path / "fact.json").write_text(json.dumps(FACT))
    asking = ("--model", source, "--probe", probe, "--device", "cpu")
    printed = json.loads(engine_says("probe", "--fact", str(tmp_path / "fact.json"), *asking))
    assert {tag: _numbers({tag: answer}) for tag, answer in printed["languages"].items()} == {
        tag: pytest.approx(numbers, abs=1e-6) for tag, numbers in told.items()
    }
    assert {tag: answer["predicted"] for tag, answer in printed["languages"].items()} == {
        tag: answer["predicted"] for tag, answer in asked["languages"].items()
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


def test_every_probe_is_kept_by_itself(store: Path, service: Service) -> None:
    client = service[1]
    probe = settled(client, client.submit(FACT, user="a", model="tiny", asking={"probe": "cloze"}))
    folder = live_store(store)
    kept = kept_probe(folder, probe["kept"])
    assert kept["asking"]["probe"] == "cloze"
    assert kept["fact_id"] == probe["fact_id"]
    for tag, answer in probe["languages"].items():
        assert kept["probe_json"]["languages"][tag]["options"] == answer["options"]
    again = settled(client, client.submit(kept["fact"], user="a", model="tiny", asking=kept["asking"]))
    assert again["kept"] == probe["kept"]

    client.rename(probe["kept"], "Paris")
    assert kept_probe(folder, probe["kept"])["name"] == "Paris"
    undo = client.delete(probe["kept"])
    with pytest.raises(IsoglossError, match="may have been deleted"):
        kept_probe(folder, probe["kept"])
    with pytest.raises(ServiceRefused, match="may have been deleted"):
        client.delete(probe["kept"])
    client.undo(undo)
    assert kept_probe(folder, probe["kept"])["name"] == "Paris"
    with pytest.raises(ServiceRefused, match="cannot be undone any more") as refused:
        client.undo(undo)
    assert refused.value.status == 404
    assert client.promote([probe["kept"]], "mine") == {"dataset": "mine", "facts": 1, "answers": 3}
    with pytest.raises(ServiceRefused, match="was not made of live probes"):
        client.promote([probe["kept"]], "world")
    assert not check_store([store]).findings


def test_a_probe_that_cannot_be_kept_says_why(store: Path, service: Service) -> None:
    client = service[1]
    probe = settled(client, client.submit(FACT, user="a", model="tiny"))
    (manifest,) = live_store(store).glob("manifest.json")
    whole = manifest.read_bytes()
    manifest.write_bytes(b"{")
    try:
        probe = settled(client, client.submit(FACT, user="a", model="tiny"))
    finally:
        manifest.write_bytes(whole)
    assert probe["state"] == "done"
    assert probe["kept"] is None
    assert probe["keep_problem"].startswith("It could not be kept: ")
    assert settled(client, client.submit(FACT, user="a", model="tiny"))["kept"] is not None


def settled(client: LiveClient, probe: dict[str, Any]) -> dict[str, Any]:
    """The probe when it is over and kept, or not."""
    probe = answered(client, probe)
    while probe["state"] == "done" and not (probe["kept"] or probe["keep_problem"]):
        probe = client.poll(probe["id"], seen=len(probe["languages"]), wait=5.0)
    return probe


def test_token_by_token(service: Service) -> None:
    client = service[1]
    probe = answered(client, client.submit(FACT, user="a", model="tiny", asking={"probe": "cloze"}))
    for tag, answer in probe["languages"].items():
        tokens = client.tokens(probe["id"], tag)
        for option, pieces in zip(answer["options"], tokens["options"], strict=True):
            assert sum(token["logprob"] for token in pieces["tokens"]) == pytest.approx(option["logprob"], abs=1e-6)
            assert "".join(token["text"] for token in pieces["tokens"]).strip() == option["text"]
    for id, tag in ((probe["id"], "fr"), (probe["id"], "../en"), ("none", "en")):
        with pytest.raises(ServiceRefused) as refused:
            client.tokens(id, tag)
        assert refused.value.status == 404
