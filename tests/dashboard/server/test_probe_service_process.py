"""The probe service comes and goes with the dashboard's server, whatever becomes of either."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import psutil
import pytest

from dashboard.probe_client import SERVICE_VARIABLE
from dashboard.queries import STORE_VARIABLE
from dashboard.server import probe_service_process
from engine.live.address import ADDRESS, read_address
from engine.live.client import ServiceRefused, connect
from engine.live.fact.questions import fact_of
from engine.locations import EMBEDDED, PROJECT
from tests.browser.server import DASHBOARD, Server, command, free_port, wait_for
from tests.support.live_service import answered, connected, is_alive, running_service, wait_until

pytestmark = pytest.mark.slow

FACT = {
    "texts": {
        "en": {"question": "The capital of France is ___.", "options": ["Paris", "Rome"]},
        "he": {"question": "בירת צרפת היא ___.", "options": ["פריז", "רומא"]},
    },
    "gold": [0],
}


@contextmanager
def dashboard(store: Path, log: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Server]]:
    """A server on one store, which is the user's own."""
    server = Server(free_port(), log)
    environment = os.environ | {STORE_VARIABLE: str(store)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(DASHBOARD, f"--server.port={server.port}"),
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(server, process)
        yield process, server
    finally:
        process.terminate()
        process.wait(20)


def test_killed_or_stopped_neither_leaves_a_process_behind(tmp_path: Path) -> None:
    store = tmp_path / "local"
    with dashboard(store, tmp_path / "first.log") as (process, _):
        with connected(store) as client:
            client.load("lab-en")
            wait_until(lambda: {model.name: model.state for model in client.models()}["lab-en"] == "ready")
            status = answered(client, client.submit(fact_of(FACT), user="a", model="lab-en", asking={"probe": "cloze"}))
            assert status.state == "done"
        everything = psutil.Process(process.pid).children(recursive=True)
        assert len(everything) >= 3  # the service, the warm server, the worker
        process.kill()
        wait_until(lambda: not any(map(is_alive, everything)), seconds=30)
        wait_until(lambda: not (store / ADDRESS).exists())
    with dashboard(store, tmp_path / "second.log") as (process, server):
        connected(store).close()
        (service,) = psutil.Process(process.pid).children()
        assert "engine.live" in service.cmdline()
        token = read_address(store / ADDRESS).token
        service.kill()  # it comes back, and answers
        wait_until(lambda: (store / ADDRESS).exists() and read_address(store / ADDRESS).token != token)
        connected(store).close()
        assert server.request("/")[0] == 200
        everything = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(20)
        assert not any(map(is_alive, everything))
        assert not (store / ADDRESS).exists()


def test_a_list_of_models_that_cannot_be_read_is_told_by_the_service(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("[models")
    with running_service(tmp_path):
        wait_until((tmp_path / ADDRESS).exists)
        with connect(tmp_path / ADDRESS) as client, pytest.raises(ServiceRefused, match="is not TOML"):
            client.models()


def test_where_one_answers_no_other_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_service(tmp_path):
        connected(tmp_path).close()
        monkeypatch.setattr(asyncio, "create_subprocess_exec", _never)
        assert asyncio.run(probe_service_process._serve(tmp_path)) is False


def test_two_servers_of_a_store_run_one_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "create_subprocess_exec", _never)
    with filelock.FileLock(tmp_path / probe_service_process._LOCK):  # as the other server holds it
        assert asyncio.run(probe_service_process._serve(tmp_path)) is False


@pytest.mark.parametrize(
    ("variable", "value"), [(SERVICE_VARIABLE, "/other/live.json"), (STORE_VARIABLE, str(EMBEDDED))]
)
def test_nothing_is_started_for_a_service_elsewhere_or_without_a_store_of_the_users(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", _never)
    monkeypatch.setattr(probe_service_process, "_look_after", _never)

    async def visit() -> None:
        async with probe_service_process.running():
            await asyncio.sleep(0)

    asyncio.run(visit())
    assert not (EMBEDDED / probe_service_process.LOG).exists()


def test_a_store_that_cannot_be_written_costs_the_service_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    asyncio.run(probe_service_process._look_after(tmp_path / "file" / "local"))
    assert "No probe service: " in caplog.text


def _never(*_: object, **__: object) -> None:
    raise AssertionError("a service was started")
