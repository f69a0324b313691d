"""Other processes: what they use, and running one to its end while its memory is watched."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from engine.locations import PROJECT
from tests.browser.server import Server

_LOOK = 0.02  # seconds


def peak_mb(pid: int | str = "self") -> float:
    """The most memory a process had in RAM since it began (VmHWM; ru_maxrss would include its parent's)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def forget_peak() -> None:
    """Begin to count this process's peak anew, from what it has in RAM now."""
    Path("/proc/self/clear_refs").write_text("5")


def rss_mb(process: psutil.Process) -> float:
    """What a process has in RAM now."""
    return float(process.memory_info().rss) / 1024**2


def run_to_end(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak MB of `python ARGUMENTS`. RuntimeError, with what it said, if it fails."""
    start, peak = time.perf_counter(), 0.0
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            while process.poll() is None:
                try:
                    peak = max(peak, peak_mb(process.pid))
                except ProcessLookupError:  # it has just ended: without memory, not yet collected
                    continue
                time.sleep(_LOOK)
        except KeyboardInterrupt:
            process.kill()
            raise
        assert process.stderr is not None
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {process.stderr.read()}")
    return time.perf_counter() - start, peak


def server_process(server: Server) -> psutil.Process:
    """The process of a server that this one started."""
    for child in psutil.Process().children():
        if f"--server.port={server.port}" in child.cmdline():
            return child
    raise RuntimeError(f"no server on port {server.port} was started here")


def cpu_ms(process: psutil.Process) -> float:
    """CPU time that a process and its threads have used, user and system."""
    times = process.cpu_times()
    return 1000 * float(times.user + times.system)


def machine() -> str:
    """Name, processor, cores, memory and load of this machine."""
    name = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        os.uname().machine,
    )
    memory = psutil.virtual_memory()
    return (
        f"{os.uname().nodename}: {name}, {os.cpu_count()} cores, {memory.total / 1024**3:.0f} GB "
        f"({memory.available / 1024**3:.0f} GB free); {load()}"
    )


def load() -> str:
    """The load average: processes that want a core, in the last 1, 5 and 15 minutes."""
    return "load " + " ".join(f"{value:.1f}" for value in os.getloadavg())
