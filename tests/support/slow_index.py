"""A package index that gives half of a package, and keeps pip waiting for the rest until it is let go."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.support.small_catalogue import pip_finds


@dataclass
class SlowIndex:
    """An index that answers."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)  # in which pip asks it
    held: str | None = ".whl"  # what is in the address of a package that is kept waiting; None: nothing is


@contextmanager
def slow_index(packages: Path) -> Iterator[SlowIndex]:
    """Serve the wheels of a folder, which are moved as an index has them."""
    for wheel in list(packages.glob("*.whl")):
        folder = packages / wheel.name.split("-")[0].replace("_", "-")
        folder.mkdir()
        wheel.rename(folder / wheel.name)
        (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    index = SlowIndex(packages)

    class Handler(SimpleHTTPRequestHandler):
        """Gives files of the folder."""

        def copyfile(self, source: Any, outputfile: Any) -> None:
            """Half of a file, and then the rest."""
            data = source.read()
            outputfile.write(data[: len(data) // 2])
            outputfile.flush()
            while index.held is not None and self.path.endswith(".whl") and index.held in self.path:
                time.sleep(0.01)
            outputfile.write(data[len(data) // 2 :])

        def log_message(self, format: str, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Whoever asked may have been killed meanwhile."""
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Handler(*given, directory=str(packages)))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    index.environment = pip_finds(packages) | {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": address}
    try:
        yield index
    finally:
        index.held = None
        server.shutdown()
        server.server_close()
        thread.join()
