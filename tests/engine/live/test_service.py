"""The probe service as it is started by hand: real processes, a real socket, a small model of transformers."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
import torch
import typer
from typer.testing import CliRunner

from engine.errors import IsoglossError
from engine.live.address import ADDRESS, read_address
from engine.live.client import LiveClient, ServiceRefused, connect
from engine.live.commands import register
from engine.live.fact.questions import fact_of, fact_questions
from engine.live.protocol.messages import LanguageAnswer, ModelState, RefusalReply
from engine.live.service.fair_queue import PER_USER
from engine.models.registry import open_model
from engine.models.settings import OpenSettings
from engine.probes.probe import make_probe
from engine.probes.template_file import find_template
from tests.support.live_service import FACT, FACT_TEXT, answered, is_alive, make_models, serving, wait_until, worker

pytestmark = pytest.mark.slow

Service = tuple["subprocess.Popen[bytes]", LiveClient]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    make_models(folder)
    return folder


@pytest.fixture(scope="module")
def service(store: Path) -> Iterator[Service]:
    with serving(store) as running:
        yield running


def _numbers(languages: Mapping[str, LanguageAnswer]) -> list[float | None]:
    return [option.logprob for answer in languages.values() for option in answer.options]


@pytest.fixture(scope="module")
def of_a_run(store: Path) -> list[float]:
    """What a run of the same fact measures: each language in a shard of its own."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model = open_model(str(store / "llama"), OpenSettings(device="cpu"))
    probe = make_probe(find_template("letter"))
    answers = [probe.ask(model, [question])[0] for question in fact_questions(fact_of(FACT))]
    torch.set_num_threads(threads)
    return [nats for answer in answers for nats in answer.option_logprobs or ()]


def test_the_service_answers_as_a_run_does(service: Service, of_a_run: list[float]) -> None:
    probe = answered(service[1], service[1].submit(FACT_TEXT, user="a", model="tiny"))
    assert (probe.state, probe.total) == ("done", 3)
    assert list(probe.languages) == ["en", "de", "ru"]
    assert _numbers(probe.languages) == pytest.approx(of_a_run, abs=1e-6)
    answer = probe.languages["de"]
    assert sum(option.probability or 0 for option in answer.options) == pytest.approx(1)
    assert answer.correct == (answer.predicted == 0)
    assert answer.prompts[0].startswith("Frage: Was ist die Hauptstadt von Frankreich?\nA. Paris\n")


def test_merged_probes_get_their_own_answers(service: Service, of_a_run: list[float]) -> None:
    process, client = service
    os.kill(worker(process).pid, signal.SIGSTOP)  # so that all of them wait
    probes = [client.submit(FACT_TEXT, user=str(n), model="tiny") for n in range(3)]
    os.kill(worker(process).pid, signal.SIGCONT)
    for probe in probes:
        found = answered(client, probe)
        assert found.state == "done"
        # Rounding depends on what else is in a batch.
        assert _numbers(found.languages) == pytest.approx(of_a_run, abs=1e-4)


def test_the_models_say_where_they_come_from(service: Service) -> None:
    origins = {one.name: one.origin for one in service[1].models()}
    assert (origins["tiny"], origins["lab-en"]) == ("folder", "embedded")


def test_without_a_translation_model_the_service_says_how_to_get_one(service: Service) -> None:
    assert service[1].languages() is None
    with pytest.raises(ServiceRefused, match="write into models.toml of the store: .translation.") as refused:
        service[1].translate(["Paris"], source="en", target="de")
    assert refused.value.status == 404


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    file = tmp_path / "fact.json"
    file.write_text(json.dumps(FACT | {"gold": [7]}))
    for fact, said in ((file, "gold: names option 7"), (tmp_path / "no.json", "there is no such file")):
        done = CliRunner().invoke(app, ["probe", "--model", "m", "--fact", str(fact)])
        assert isinstance(done.exception, IsoglossError)
        assert said in str(done.exception)


def test_long_texts_are_refused_before_they_are_queued(service: Service) -> None:
    # 256 positions; a word that the tokenizer never saw is many tokens
    long = FACT["texts"] | {"ru": FACT["texts"]["ru"] | {"question": "щ" * 1_500 + "?"}}
    probe = service[1].submit(fact_of(FACT | {"texts": long}), user="a", model="tiny")
    assert "the model reads at most 256" in (probe.languages["ru"].error or "")
    found = answered(service[1], probe)
    assert (found.state, found.languages["en"].error) == ("done", None)


def at_the_door(store: Path, method: str, path: str, **more: Any) -> httpx2.Response:
    """What the service answers to a request that no client of ours would send."""
    address = read_address(store / ADDRESS)
    headers = {"Authorization": f"Bearer {address.token}"}
    with httpx2.Client(transport=httpx2.HTTPTransport(uds=address.socket), base_url="http://probe") as http:
        return http.request(method, path, headers=headers, **more)


def test_only_the_owner_reaches_it(service: Service, store: Path) -> None:
    address = read_address(store / ADDRESS)
    assert address.socket is not None
    assert stat.S_IMODE(Path(address.socket).stat().st_mode) == 0o600
    assert stat.S_IMODE((store / ADDRESS).stat().st_mode) == 0o600
    with httpx2.Client(transport=httpx2.HTTPTransport(uds=address.socket), base_url="http://probe") as http:
        for token in (None, "", "Bearer", f"Bearer {address.token}x", address.token, f"Basic {address.token}"):
            headers = {} if token is None else {"Authorization": token}
            for method, path in (("GET", "/models"), ("GET", "/healthz"), ("POST", "/probes"), ("GET", "/docs")):
                assert http.request(method, path, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("submission", "status", "said"),
    [
        ({"model": "nothing"}, 409, "the model 'nothing' is not loaded (loaded: tiny)"),
        ({"model": "../../etc"}, 409, "is not loaded"),
        ({"user": ""}, 400, "user: String should have at least 1 character"),
        ({"asking": {"probe": "magic"}}, 400, "no probe 'magic': choose from letter, cloze, generation"),
        ({"asking": {"template": "../x"}}, 400, 'has no template "../x": choose from'),
        ({"asking": {"template_file": "/etc/passwd"}}, 400, "no setting template_file: choose from form, chat"),
        ({"fact": {**FACT, "gold": [9]}}, 422, "gold: names option 9"),
        ({"fact": {**FACT, "texts": {"en": {"question": "a\ud800"}}, "gold": []}}, 422, "half of a surrogate pair"),
        ({"fact": {**FACT, "texts": {"en": {"question": "x" * 1_000_000}}, "gold": []}}, 422, "has 1,000,000 char"),
        ({"fact": {**FACT, "relation": "x" * 3_000_000}}, 422, "more than 2,097,152 bytes were sent"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    service: Service, store: Path, submission: dict[str, Any], status: int, said: str
) -> None:
    """Straight to its door: the client sends nothing of the kind."""
    whole: dict[str, Any] = {"fact": FACT, "user": "a", "model": "tiny"} | submission
    response = at_the_door(store, "POST", "/probes", content=json.dumps(whole))
    refusal = RefusalReply.from_json(response.content)
    assert said in refusal.error
    assert response.status_code == status
    assert bool(refusal.problems) == (status == 422)


def test_a_full_queue_refuses_with_the_expected_wait(service: Service) -> None:
    process, client = service
    os.kill(worker(process).pid, signal.SIGSTOP)
    probes = [client.submit(FACT_TEXT, user="greedy", model="tiny") for _ in range(PER_USER)]
    with pytest.raises(ServiceRefused, match=f"{PER_USER} probes of yours are under way") as refused:
        client.submit(FACT_TEXT, user="greedy", model="tiny")
    assert (refused.value.status, (refused.value.seconds or 0) > 0) == (429, True)
    os.kill(worker(process).pid, signal.SIGCONT)
    assert {answered(client, probe).state for probe in probes} == {"done"}


def test_a_model_that_is_not_there_leaves_the_old_one_serving(service: Service) -> None:
    client = service[1]
    client.load("broken")

    def broken() -> ModelState:
        (found,) = [one for one in client.models() if one.name == "broken"]
        return found

    wait_until(lambda: broken().state == "failed")
    assert "no such folder" in (broken().reason or "")
    assert answered(client, client.submit(FACT_TEXT, user="a", model="tiny")).state == "done"
    with pytest.raises(ServiceRefused, match="choose from broken, lab-en"):
        client.load("/etc")


def test_killed_with_its_service(store: Path, tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(f'[models]\n"tiny" = "{store / "llama"}"\n')
    with serving(tmp_path, "--port", "0") as (process, client):
        assert read_address(tmp_path / ADDRESS).url is not None
        assert answered(client, client.submit(FACT_TEXT, user="a", model="tiny")).state == "done"
        children = psutil.Process(process.pid).children(recursive=True)
        os.kill(worker(process).pid, signal.SIGSTOP)  # even one that cannot end itself
        process.kill()
        wait_until(lambda: not any(map(is_alive, children)), seconds=30)
        with pytest.raises(IsoglossError, match="cannot be reached; start it with"):
            client.models()


def test_no_service_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="the probe service is not running; start it with"):
        connect(tmp_path / ADDRESS)


def test_the_service_and_its_client_import_no_torch() -> None:
    loaded = "print(*{'torch', 'transformers'} & set(sys.modules))"
    code = f"import sys, engine.live.service.server, engine.live.client; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
