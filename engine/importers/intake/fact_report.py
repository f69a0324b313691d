"""What an import of facts did, and what it left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.fact_writing import WrittenFacts
from engine.printable_text import printable

_SHOWN = 50


@dataclass(frozen=True)
class DatasetCount:
    """A dataset as imported: its facts, and how many of them each language has."""

    dataset: str
    n_facts: int
    languages: dict[str, int]


@dataclass(frozen=True)
class FactsReport:
    """All that was imported, what was wrong, what was left out and why; `written` is None when nothing was written."""

    source: str
    datasets: tuple[DatasetCount, ...]
    problems: tuple[FactProblem, ...]  # with any, nothing is imported
    left_out: tuple[FactProblem, ...]  # of facts that were left out in every language, while the rest was imported
    notes: tuple[str, ...]
    written: WrittenFacts | None

    def lines(self) -> list[str]:
        """The report as lines of text."""
        return [printable(line) for line in (*self._imported(), *self._notes(), *self._left_out(), *self._problems())]

    def _imported(self) -> Iterator[str]:
        if self.written is None:
            return
        for count in self.datasets:
            languages = ", ".join(f"{language} {n:,}" for language, n in count.languages.items())
            yield f"Imported {count.dataset}: {counted(count.n_facts, 'fact')} ({languages})."
        report = self.written.report
        yield f"Store: {', '.join(report.written) or 'nothing'} written, {len(report.unchanged)} unchanged."
        yield from (f"Replaced: {what}." for what in self.written.replaced)

    def _notes(self) -> Iterator[str]:
        yield from (f"Note: {note}." for note in self.notes)

    def _left_out(self) -> Iterator[str]:
        if self.left_out:
            n_facts = len({problem.fact or problem.place for problem in self.left_out})
            yield f"Left out in every language: {counted(n_facts, 'fact')}, since"
            yield from _listed(self.left_out)

    def _problems(self) -> Iterator[str]:
        if self.problems:
            yield f"{self.source}: {counted(len(self.problems), 'problem')}; nothing was imported."
            yield from _listed(self.problems)


def counts(rows: Iterable[FactRow]) -> tuple[DatasetCount, ...]:
    """How many facts each dataset has, and how many each of its languages."""
    facts: dict[str, set[str]] = {}
    languages: dict[str, dict[str, int]] = {}
    for row in rows:
        facts.setdefault(row.dataset, set()).add(row.fact_id)
        here = languages.setdefault(row.dataset, {})
        here[row.language] = here.get(row.language, 0) + 1
    return tuple(
        DatasetCount(dataset, len(facts[dataset]), dict(sorted(languages[dataset].items())))
        for dataset in sorted(facts)
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(problems: Sequence[FactProblem]) -> Iterator[str]:
    yield from (f"  {problem}" for problem in problems[:_SHOWN])
    if len(problems) > _SHOWN:
        yield f"  and {len(problems) - _SHOWN:,} more"
