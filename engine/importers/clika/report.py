"""What an import of a CLiKA release did, and what it left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.importers.clika.release import Failure, LeftOut, ResultFile
from engine.printable_text import printable
from engine.store.write import WriteReport

Held = tuple[str, str, str]  # dataset, model, language
_WORST = 5
_EXAMPLES = 3


@dataclass(frozen=True)
class FileCount:
    """One imported file: its answers, those that are no letter A-E, and letters beyond the fact's options."""

    file: ResultFile
    n: int
    n_no_letter: int
    n_beyond: int


@dataclass(frozen=True)
class ImportReport:
    """All that was imported, all that was not and why, what the store no longer holds, and what was written."""

    source: str
    files: tuple[FileCount, ...]
    failures: tuple[Failure, ...]
    left_out: tuple[LeftOut, ...]
    beside: tuple[str, ...]
    dropped: tuple[Held, ...]
    notes: tuple[str, ...]
    written: WriteReport

    @property
    def complete(self) -> bool:
        """Whether every result file found was imported."""
        return not self.failures

    def lines(self, *, every_file: bool = False) -> list[str]:
        """The report as lines of text; `every_file` names each file left out and not only some."""
        lines = [
            *self._imported(),
            *self._unread(),
            *(f"Note: {note}" for note in self.notes),
            *self._failed(),
            *self._left_out(every_file),
            *self._dropped(),
            f"Store: {', '.join(self.written.written) or 'nothing'} written, {len(self.written.unchanged)} unchanged.",
        ]
        return [printable(line) for line in lines]

    def _imported(self) -> Iterator[str]:
        n_datasets, n_models, n_languages = (
            len({getattr(count.file, part) for count in self.files}) for part in _PARTS
        )
        yield (
            f"Imported {_counted(sum(count.n for count in self.files), 'answer')} from "
            f"{_counted(len(self.files), 'file')}: {_counted(n_datasets, 'dataset')}, {_counted(n_models, 'model')}, "
            f"{_counted(n_languages, 'language')}."
        )
        for dataset, counts in _grouped(self.files, "dataset"):
            models, languages = ({getattr(count.file, part) for count in counts} for part in ("model", "language"))
            yield (
                f"  {dataset}: {_counted(len(models), 'model')} × {_counted(len(languages), 'language')}, "
                f"{_unread(counts)}"
            )

    def _unread(self) -> Iterator[str]:
        """The models and files with the most answers in which no option could be read."""
        if not any(map(_n_unread, self.files)):
            return
        yield "Most answers counted as wrong because no option could be read:"
        pairs = [
            (f"{model} in {dataset}", counts)
            for dataset, of_dataset in _grouped(self.files, "dataset")
            for model, counts in _grouped(of_dataset, "model")
        ]
        files = [(count.file.place, [count]) for count in self.files]
        for groups in (pairs, files):
            worst = sorted(groups, key=lambda group: -sum(map(_n_unread, group[1])))[:_WORST]
            for name, counts in worst:
                if any(map(_n_unread, counts)):
                    yield f"  {name}: {_unread(counts)}"

    def _failed(self) -> Iterator[str]:
        if self.failures:
            yield f"FAILED, not imported: {_counted(sum(failure.files for failure in self.failures), 'result file')}."
            yield from (f"  {failure}" for failure in self.failures)

    def _left_out(self, every_file: bool) -> Iterator[str]:
        if self.left_out:
            yield f"Not imported: {_counted(len(self.left_out), 'other file')}."
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
        for dataset, model, language in self.dropped:
            lost[dataset][model].append(language)
        for dataset, models in lost.items():
            named = [f"{model} ({', '.join(languages)})" for model, languages in models.items()]
            yield f"  {dataset}: {'; '.join(named)}"


_PARTS = ("dataset", "model", "language")


def _grouped(counts: Iterable[FileCount], part: str) -> list[tuple[str, list[FileCount]]]:
    groups: dict[str, list[FileCount]] = defaultdict(list)
    for count in counts:
        groups[getattr(count.file, part)].append(count)
    return sorted(groups.items())


def _n_unread(count: FileCount) -> int:
    return count.n_no_letter + count.n_beyond


def _unread(counts: Iterable[FileCount]) -> str:
    totals = [(count.n, count.n_no_letter, count.n_beyond) for count in counts]
    n, no_letter, beyond = (sum(column) for column in zip(*totals, strict=True))
    return f"{_counted(n, 'answer')}, of them {no_letter:,} no letter A-E and {beyond:,} a letter beyond the options"


def _listed(names: list[str], at_most: int) -> str:
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
