"""Child processes that may be killed: forked from a server that has everything imported, so that they start at once."""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any
from unittest import mock

CONTEXT = multiprocessing.get_context("forkserver")
# pandas: pyarrow imports it at the first use.
CONTEXT.set_forkserver_preload(["pandas", "tests.faults.writers", "tests.faults.running"])


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start a child. It ends with its parent, at the latest."""
    child = CONTEXT.Process(target=target, args=arguments, daemon=True)
    # Streamlit's AppTest leaves the script that it ran behind as the main module, and a child would run it again.
    with mock.patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        child.start()
    return child


def run(target: Callable[..., None], *arguments: Any, seconds: float = 60) -> int:
    """Run a child to its end; its exit status, negative: the signal that ended it."""
    child = start(target, *arguments)
    child.join(seconds)
    if child.is_alive():
        kill(child)
    assert child.exitcode is not None
    return child.exitcode


def kill(child: BaseProcess) -> None:
    """kill -9, and wait for the end."""
    child.kill()  # not os.kill: a child that has just ended by itself may be gone already
    child.join()
