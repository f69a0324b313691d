"""How a run ended, for people."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

_REASONS_AT_MOST = 3


@dataclass(frozen=True)
class RunReport:
    """A finished run: how many answers it has, and why some of them hold an error instead of a measurement."""

    run_id: str
    n_answers: int
    failures: Counter[str] = field(default_factory=Counter)  # how often each reason was met
    n_merged: int = 0  # answers with an option whose first token also holds the end of its context
    was_finished: bool = False  # before the call that reports it, which then changed nothing

    def lines(self) -> list[str]:
        """The report, a sentence a line."""
        done = "was finished before, nothing was changed" if self.was_finished else "is finished"
        lines = [f"run {self.run_id} {done}: {self.n_answers:,} answers are in the store"]
        if n_failed := self.failures.total():
            common = [f"{reason} ({count:,} times)" for reason, count in self.failures.most_common(_REASONS_AT_MOST)]
            others = len(self.failures) - len(common)
            reasons = "; ".join(common) + (f"; and {others:,} other reasons" if others else "")
            lines.append(f"{n_failed:,} of {self.n_answers:,} answers failed: {reasons}")
        if self.n_merged:
            lines.append(
                f"{self.n_merged:,} of {self.n_answers:,} answers have an option that shares a token with the end of "
                "its question; how it was scored, and which, is said beside the fact (--boundary)"
            )
        return lines


def report_of(run_id: str, rows: pa.Table, *, was_finished: bool = False) -> RunReport:
    """The report of a run whose rows these are."""
    merged = rows.column("merged_options")
    return RunReport(
        run_id, rows.num_rows, failures_of(rows), n_merged=len(merged) - merged.null_count, was_finished=was_finished
    )


def failures_of(rows: pa.Table) -> Counter[str]:
    """The errors that rows of results hold, and how often."""
    return Counter(error for error in rows.column("error").to_pylist() if error is not None)
