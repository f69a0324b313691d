"""A probe service in a process of its own, with small models of transformers, for tests."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from engine.errors import IsoglossError
from engine.live.address import ADDRESS
from engine.live.client import LiveClient, connect
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import ProbeStatus
from engine.locations import PROJECT
from tests.support.tiny_models import TEXTS, make_model

FACT: dict[str, Any] = {
    "relation": "capital",
    "texts": {
        "en": {"question": "What is the capital of France?", "options": ["Paris", "Berlin", "Rome"]},
        "de": {"question": "Was ist die Hauptstadt von Frankreich?", "options": ["Paris", "Berlin", "Rom"]},
        "ru": {"question": "Как называется столица Франции?", "options": ["Париж", "Берлин", "Рим"]},
    },
    "gold": [0],
}
FACT_TEXT = FactText.model_validate(FACT)


def make_models(store: Path) -> None:
    """Two models and a list of them, with one more that is not there."""
    make_model(store / "llama", "llama", vocabulary_texts=TEXTS, context_length=256)
    make_model(store / "gpt2", "gpt2", vocabulary_texts=TEXTS)
    (store / "models.toml").write_text('[models]\n"tiny" = "llama"\n"other" = "gpt2"\n"broken" = "nowhere"\n')


@contextmanager
def running_service(store: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The service as it is started by hand, perhaps not listening yet."""
    command = [sys.executable, "-m", "engine.live", "--store", str(store), "--device", "cpu", "--threads", "1"]
    process = subprocess.Popen([*command, *arguments], cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def serving(store: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[bytes]", LiveClient]]:
    """The service with the model "tiny" loaded, and a client of it."""
    with running_service(store, "--model", "tiny", *arguments) as process, connected(store) as client:
        wait_until(lambda: client.health().ready)
        yield process, client


def connected(store: Path) -> LiveClient:
    """A client, as soon as the service listens."""

    def answers() -> bool:
        try:
            with connect(store / ADDRESS) as client:
                client.models()
        except IsoglossError:
            return False
        return True

    wait_until(answers)
    return connect(store / ADDRESS)


def wait_until(holds: Any, *, seconds: float = 90) -> float:
    """Wait until something holds; how many seconds it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
    return time.monotonic() - began


def answered(client: LiveClient, status: ProbeStatus) -> ProbeStatus:
    """The probe when it is over."""
    while status.state in ("waiting", "running"):
        status = client.poll(status.id, seen=len(status.languages), wait=5.0)
    return status


def worker(service: "subprocess.Popen[bytes]") -> psutil.Process:
    """The process that holds the model: a child of the warm server, which is the service's child."""
    grandchildren = [one for child in psutil.Process(service.pid).children() for one in child.children()]
    (found,) = [one for one in grandchildren if is_alive(one)]
    return found


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still is one."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
