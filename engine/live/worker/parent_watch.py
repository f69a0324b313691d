"""A worker ends with the service that started it, whatever becomes of that: none is left behind. Imports no torch."""

import ctypes
import os
import signal
import sys
import threading
from multiprocessing import forkserver, parent_process
from typing import Any

_KILL_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def end_with_parent() -> None:
    """Die when the service does: with the process it was forked from, which the kernel sees to, stopped or not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the service
    _let_go_of_server()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)
    threading.Thread(target=_watch_parent, daemon=True).start()


def _let_go_of_server() -> None:
    """The process that it was forked from lives as long as anybody holds this descriptor, which every child is given
    so that it can have children of its own. A worker that is stopped would hold it for ever."""
    server: Any = forkserver._forkserver
    descriptor, server._forkserver_alive_fd = server._forkserver_alive_fd, None
    if descriptor is not None:
        os.close(descriptor)


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
