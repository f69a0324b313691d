"""A dashboard server as a user starts it, for as long as a test needs it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.locations import PROJECT

DASHBOARD = PROJECT / "dashboard" / "app.py"
_START = 90.0  # seconds a server may take to answer, on a busy machine


@dataclass(frozen=True)
class Server:
    """A running server: its port on this machine and the file that its output goes to."""

    port: int
    log: Path

    @property
    def said(self) -> list[str]:
        """The lines of its output until now."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    @property
    def faults(self) -> list[str]:
        """What it says went wrong within: pages that broke, stores that had to be opened anew."""
        return [line for line in self.said if line.startswith("Page error") or "failed within itself" in line]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def request(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, headers and body of one request; the path goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(script: Path, *options: str) -> list[str]:
    """`streamlit run SCRIPT`, with this Python."""
    return [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", *options]


@contextmanager
def serve(
    log: Path,
    *,
    script: Path = DASHBOARD,
    stores: Sequence[Path] = (),
    options: Sequence[str] = (),
    folder: Path = PROJECT,
) -> Iterator[Server]:
    """Start a server in the folder of the project or of a copy, on a free port; wait until it is healthy; end it last.

    `stores` are read instead of the embedded and the local one. RuntimeError, with the log, if it does not start.
    """
    server = Server(free_port(), log)
    environment = dict(os.environ)
    environment.pop("ISOGLOSS_STORE", None)
    environment["PYTHONPATH"] = str(PROJECT)
    if stores:
        environment["ISOGLOSS_STORE"] = os.pathsep.join(map(str, stores))
        # Named, the service is not started: a test that needs one starts it itself.
        environment["ISOGLOSS_PROBE"] = str(stores[-1] / "live.json")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(script, f"--server.port={server.port}", *options),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server is healthy. RuntimeError, with the log, when it ends or takes too long."""
    deadline = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if server.request("/_stcore/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("\n".join(["the server did not start:", *server.said]))
