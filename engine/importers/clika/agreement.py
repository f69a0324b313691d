"""Whether result files ask the same facts: what most files say holds, and the others fail."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import groupby

from engine.importers.clika.answers import Answers, Fact
from engine.importers.clika.prompt import LETTERS
from engine.importers.clika.release import Failure, ResultFile

ReadFile = tuple[ResultFile, Answers]


def agreeing(files: Sequence[ReadFile]) -> tuple[list[ReadFile], list[Failure]]:
    """Of one dataset's files, sorted by language: those that agree, and why each of the others does not.

    All must have the same facts with the same right letter and number of options, and those of a language the same
    questions and options. Equal numbers of votes: the side of the earlier file holds.
    """
    kept, failures = _majority(files, _outline, "files of the dataset")
    agreed: list[ReadFile] = []
    for _, same_language in groupby(kept, key=lambda read: read[0].language):
        kept_here, failures_here = _majority(list(same_language), lambda facts: facts, "files of the language")
        agreed += kept_here
        failures += failures_here
    return agreed, failures


def _outline(facts: tuple[Fact, ...]) -> tuple[tuple[str, int, int], ...]:
    """What is the same in every language."""
    return tuple((fact.fact_id, fact.gold, len(fact.item.options)) for fact in facts)


def _majority(
    files: Sequence[ReadFile], view: Callable[[tuple[Fact, ...]], Hashable], others: str
) -> tuple[list[ReadFile], list[Failure]]:
    seen = [view(answers.facts) for _, answers in files]
    if len(set(seen)) <= 1:
        return list(files), []
    winner, votes = Counter(seen).most_common(1)[0]
    reference = {fact.fact_id: fact for fact in files[seen.index(winner)][1].facts}
    kept = [read for read, found in zip(files, seen, strict=True) if found == winner]
    failures = [
        Failure(file.place, *_first_difference(answers, reference, f"{votes} {others}"))
        for (file, answers), found in zip(files, seen, strict=True)
        if found != winner
    ]
    return kept, failures


def _first_difference(answers: Answers, reference: dict[str, Fact], others: str) -> tuple[int | None, str]:
    """The first line, from the top of the file, in which it departs from the others, and how."""
    for line, fact in sorted(zip(answers.lines, answers.facts, strict=True), key=lambda numbered: numbered[0]):
        other = reference.get(fact.fact_id)
        shown = f"uuid {fact.fact_id[:40]!r}"
        if other is None:
            return line, f"{shown} is not among the {len(reference)} facts of {others}"
        for name, here, there in _compared(fact, other):
            if here != there:
                return line, f"{shown} has {name} {here[:40]!r}, but {there[:40]!r} in {others}"
    missing = min(reference.keys() - {fact.fact_id for fact in answers.facts})
    counts = f"the number of facts is {len(answers.facts)}, but {len(reference)} in {others}"
    return None, f"{counts}; one missing is uuid {missing[:40]!r}"


def _compared(fact: Fact, other: Fact) -> Iterable[tuple[str, str, str]]:
    yield "the label", LETTERS[fact.gold], LETTERS[other.gold]
    options, other_options = fact.item.options, other.item.options
    yield "the number of options", str(len(options)), str(len(other_options))
    yield "the question", fact.item.text, other.item.text
    yield from (("the option", *pair) for pair in zip(options, other_options, strict=True))
