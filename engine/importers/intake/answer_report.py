"""What an import of answers did, and what it left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.fact_report import counted
from engine.importers.intake.source_files import LeftOut, SourceProblem
from engine.printable_text import printable
from engine.store.write import WriteReport

_WORST = 5
_EXAMPLES = 3


class HeldSet(NamedTuple):
    """A model's answers to a dataset in a language, as a store holds them."""

    dataset: str
    model: str
    language: str


@dataclass(frozen=True)
class AnswersReport:
    """All that was imported, all that was not and why, what the store no longer holds, and what was written.

    `unread`: why answers can be without an option, in the order in which it is told. With `problems` the import is not
    complete; `left_out` and `beside` are no results.
    """

    source: str
    sets: tuple[AnswerSet, ...]
    unread: tuple[str, ...]
    problems: tuple[SourceProblem, ...]
    dropped: tuple[HeldSet, ...]
    notes: tuple[str, ...]
    written: WriteReport
    left_out: tuple[LeftOut, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every result file found was imported."""
        return not self.problems

    def lines(self, *, every_file: bool = False) -> list[str]:
        """The report as lines of text; `every_file` names each file left out and not only some."""
        lines = [
            *self._imported(),
            *self._worst(),
            *(f"Note: {note}" for note in self.notes),
            *self._failed(),
            *self._left_out(every_file),
            *self._dropped(),
            f"Store: {', '.join(self.written.written) or 'nothing'} written, {len(self.written.unchanged)} unchanged.",
        ]
        return [printable(line) for line in lines]

    def _imported(self) -> Iterator[str]:
        n_datasets, n_models, n_languages = (
            len({getattr(answers, part) for answers in self.sets}) for part in ("dataset", "model", "language")
        )
        yield (
            f"Imported {counted(sum(len(answers.facts) for answers in self.sets), 'answer')} from "
            f"{counted(len(self.sets), 'file')}: {counted(n_datasets, 'dataset')}, {counted(n_models, 'model')}, "
            f"{counted(n_languages, 'language')}."
        )
        for dataset, sets in _grouped(self.sets, "dataset"):
            models, languages = ({getattr(answers, part) for answers in sets} for part in ("model", "language"))
            yield (
                f"  {dataset}: {counted(len(models), 'model')} × {counted(len(languages), 'language')}, "
                f"{self._counts(sets)}"
            )

    def _worst(self) -> Iterator[str]:
        """The models and files with the most answers in which no option could be read."""
        if not any(map(_n_unread, self.sets)):
            return
        yield "Most answers counted as wrong because no option could be read:"
        pairs = [
            (f"{model} in {dataset}", sets)
            for dataset, of_dataset in _grouped(self.sets, "dataset")
            for model, sets in _grouped(of_dataset, "model")
        ]
        files = [(answers.place, [answers]) for answers in self.sets]
        for groups in (pairs, files):
            worst = sorted(groups, key=lambda group: -sum(map(_n_unread, group[1])))[:_WORST]
            yield from (f"  {name}: {self._counts(sets)}" for name, sets in worst if any(map(_n_unread, sets)))

    def _counts(self, sets: Iterable[AnswerSet]) -> str:
        totals: Counter[str] = Counter()
        n = 0
        for answers in sets:
            totals.update(answers.unread)
            n += len(answers.facts)
        reasons = dict.fromkeys((*self.unread, *sorted(totals)))
        told = " and ".join(f"{totals[reason]:,} {reason}" for reason in reasons)
        return counted(n, "answer") + (f", of them {told}" if told else "")

    def _failed(self) -> Iterator[str]:
        if self.problems:
            n_files = sum(problem.files for problem in self.problems)
            yield f"FAILED, not imported: {counted(n_files, 'result file')}."
            yield from (f"  {problem}" for problem in self.problems)

    def _left_out(self, every_file: bool) -> Iterator[str]:
        if self.left_out:
            yield f"Not imported: {counted(len(self.left_out), 'other file')}."
        for reason, n_files in Counter(file.reason for file in self.left_out).most_common():
            places = [file.place for file in self.left_out if file.reason == reason]
            yield f"  {n_files} {reason}: {_listed(places, len(places) if every_file else _EXAMPLES)}"
        if self.beside:
            yield f"Not read, beside the datasets: {', '.join(self.beside)}."

    def _dropped(self) -> Iterator[str]:
        """What the import before held and this one does not."""
        if not self.dropped:
            return
        yield f"No longer in the store, since this import replaces the one before: {len(self.dropped)} result files."
        lost: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for held in self.dropped:
            lost[held.dataset][held.model].append(held.language)
        for dataset, models in lost.items():
            named = [f"{model} ({', '.join(languages)})" for model, languages in models.items()]
            yield f"  {dataset}: {'; '.join(named)}"


def _grouped(sets: Iterable[AnswerSet], part: str) -> list[tuple[str, list[AnswerSet]]]:
    groups: dict[str, list[AnswerSet]] = defaultdict(list)
    for answers in sets:
        groups[getattr(answers, part)].append(answers)
    return sorted(groups.items())


def _n_unread(answers: AnswerSet) -> int:
    return sum(answers.unread.values())


def _listed(names: list[str], at_most: int) -> str:
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more
