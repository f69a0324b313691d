"""Scoring: our whole way from text to log-likelihoods against the field's reference harness and CLiKA's own loop.

CPU seconds of one thread, in a process of its own; the arms take turns and the median of the rounds' ratios counts.
The harness is measured without its tokenising, at its fastest batch size on a CPU (16).
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.locations import PROJECT
from tests.bench.figure import Figure
from tests.bench.ground import NO_RELEASE, Ground

_HARNESS = "lm-eval"
_LOOP = "generate, 2 beams"


@dataclass(frozen=True)
class Case:
    """A size, a probe, prompts for each of ten languages, and how many times faster than the harness we must be."""

    size: Literal["3m", "30m", "125m"]
    probe: Literal["letter", "cloze"]
    prompts: int
    at_least_times: float


CASES = (
    Case("3m", "cloze", 10, 6.5),
    Case("3m", "letter", 20, 3.5),
    Case("30m", "cloze", 2, 5),
    Case("30m", "letter", 2, 2.2),
    Case("125m", "cloze", 1, 4.5),
    Case("125m", "letter", 1, 1.8),
)


def measure(ground: Ground) -> Iterator[Figure]:
    """Ratios to the harness and to the loop, bf16 against fp32, and what sharing saves."""
    if ground.release is None:
        yield Figure("scoring", None, "CPU s", why_not=NO_RELEASE)
        return
    rounds = 3 if ground.quick else 5
    for case in CASES:
        if ground.quick and case.size == "125m":
            continue
        arms = ["ours", _HARNESS]
        arms += [_LOOP] if (case.size, case.probe) == ("3m", "letter") else []
        arms += ["bf16"] if case.size == "30m" else []
        yield from _figures(case, _child(case, rounds, arms))


def _figures(case: Case, report: dict[str, Any]) -> Iterator[Figure]:
    seconds: dict[str, list[float]] = report["seconds"]
    what = f"{case.probe}, {case.size.upper()} parameters"
    ours = statistics.median(seconds["ours"])
    bars = {_HARNESS: case.at_least_times, _LOOP: 6.5}
    for arm, bar in bars.items():
        if arm in seconds:
            yield Figure(
                f"{what}: ours / {arm}",
                ours,
                "CPU s",
                reference=ours * _ratio(seconds, arm, "ours"),
                at_least_times=bar,
            )
    if "bf16" in seconds:
        half = statistics.median(seconds["bf16"])
        reference = half * _ratio(seconds, "ours", "bf16")
        yield Figure(f"{what}: bf16 / fp32", half, "CPU s", reference=reference, at_least_times=1.5)
    yield Figure(f"{what}: prompts a CPU second", report["prompts"] / ours, "prompts/s")
    yield Figure(
        f"{what}: share of matmul's rate", 100 * report["flop"] / ours / statistics.median(report["matmul"]), "%"
    )
    yield Figure(f"{what}: tokens run / tokens without sharing", report["nodes"], "x", reference=report["tokens"])
    yield Figure(f"{what}: padding among what is run", 100 * (1 - report["nodes"] / report["padded"]), "%")
    yield Figure(f"{what}: memory", report["mb"], "MB")


def _ratio(seconds: dict[str, list[float]], slower: str, faster: str) -> float:
    """Median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(seconds[slower], seconds[faster], strict=True))


def _child(case: Case, rounds: int, arms: Sequence[str]) -> dict[str, Any]:
    arguments = [case.size, case.probe, str(case.prompts), str(rounds), *arms]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scoring_child", *arguments], cwd=PROJECT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"scoring_child failed: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
