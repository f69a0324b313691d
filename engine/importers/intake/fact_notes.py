"""What is worth knowing of sound facts: gaps, columns that differ between languages, options that are nearly alike."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from engine.importers.intake.fact_row import FactRow
from engine.probes.normalise import normalise


def gaps(rows: Sequence[FactRow]) -> Iterator[str]:
    """For each language of a dataset, how many of its facts are missing in it: notes, since metrics can do with it."""
    for dataset, of_dataset in _by_dataset(rows).items():
        told: dict[str, set[str]] = defaultdict(set)
        for row in of_dataset:
            told[row.language].add(row.fact_id)
        facts = set().union(*told.values())
        for language, here in sorted(told.items()):
            if missing := sorted(facts - here, key=lambda fact_id: (len(fact_id), fact_id)):
                named = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
                yield f"{dataset}: {len(missing):,} of {len(facts):,} facts are missing in {language} ({named})"


def indistinct(rows: Iterable[FactRow]) -> Iterator[str]:
    """How many facts have options that differ only in what reading a generated answer passes over."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        first: dict[str, str] = {}
        for option in row.options:
            other = first.setdefault(normalise(option, row.language), option)
            if other != option:
                facts[row.dataset].setdefault(row.fact_id, f'"{other:.40}" and "{option:.40}" in {row.language}')
    for dataset, examples in sorted(facts.items()):
        fact_id, example = next(iter(examples.items()))
        yield (
            f"{dataset}: facts with options that generation cannot tell apart, since they differ in case, punctuation, "
            f"marks or an article alone: {len(examples):,} ({fact_id}: {example})"
        )


def unlike(rows: Sequence[FactRow]) -> Iterator[str]:
    """How many facts have a column that differs between languages where one of the values will be shown for all."""
    for name in ("relation", "country", "source_language"):
        for dataset, of_dataset in _by_dataset(rows).items():
            values = {(row.fact_id, getattr(row, name)) for row in of_dataset if getattr(row, name) is not None}
            n_torn = sum(n > 1 for n in Counter(fact_id for fact_id, _ in values).values())
            if n_torn:
                shown = "so that one of them is shown for all"
                yield f"{dataset}: facts whose {name} differs between languages, {shown}: {n_torn:,}"


def _by_dataset(rows: Iterable[FactRow]) -> dict[str, list[FactRow]]:
    groups: dict[str, list[FactRow]] = defaultdict(list)
    for row in rows:
        groups[row.dataset].append(row)
    return dict(sorted(groups.items()))
