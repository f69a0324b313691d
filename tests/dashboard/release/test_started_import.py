"""One import at a time, whoever asks; what became of it stays until somebody has read it."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.release import started_import
from dashboard.release.started_import import Imports
from engine.errors import IsoglossError


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> Imports:
    """Imports that are a process which waits until its input ends, and says its source."""

    def start(source: str, store: Path, *, log: Path, progress: Path) -> "subprocess.Popen[bytes]":
        code = "import sys; sys.stdin.read(); print(sys.argv[1]); sys.exit(int(sys.argv[1] == 'bad'))"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return subprocess.Popen([sys.executable, "-c", code, source], stdin=subprocess.PIPE, stdout=output)

    monkeypatch.setattr(started_import, "start_clika_import", start)
    return Imports()


def end(imports: Imports) -> None:
    assert imports.last is not None and imports.last.process.stdin is not None
    imports.last.process.stdin.close()
    imports.last.process.wait(30)


def test_a_second_import_waits_for_the_first(imports: Imports, tmp_path: Path) -> None:
    imports.start("one", store=tmp_path)
    assert imports.last is not None and imports.last.is_alive and not imports.last.has_failed
    with pytest.raises(IsoglossError, match="an import is going on already"):
        imports.start("two", store=tmp_path)
    imports.forget()
    assert imports.last is not None  # nobody can have read what became of it
    end(imports)
    assert (imports.last.is_alive, imports.last.has_failed, imports.last.said()) == (False, False, "one")
    imports.start("bad", store=tmp_path)
    end(imports)
    assert (imports.last.has_failed, imports.last.said()) == (True, "bad")  # of the log, only what this one said
    imports.forget()
    assert imports.last is None


def test_a_cancelled_import_says_so(imports: Imports, tmp_path: Path) -> None:
    imports.start("one", store=tmp_path)
    assert imports.last is not None
    imports.last.process.terminate()
    end(imports)
    assert imports.last.has_failed
    assert imports.last.said() == "it was cancelled"
