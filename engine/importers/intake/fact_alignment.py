"""Which fact an item is in another language: by its id or by its place, and only where what must be the same is.

Languages, and models, that ask the same facts have the same right options and as many options; where sets of answers
differ in that, what most of them say holds, and the others are not imported.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import Literal

from engine.importers.intake.answer_row import AskedFact
from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.source_files import SourceProblem

AlignBy = Literal["id", "index"]  # by the key that an item has in every language, or by its place among the items


def aligned(
    sets: Sequence[AnswerSet], *, by: AlignBy = "id", key: str = "item", gold: str = "right option"
) -> tuple[list[AnswerSet], list[SourceProblem]]:
    """The sets that ask the same facts of their dataset, by dataset and language, and why each of the others does not.

    All of a dataset must have the same facts with the same right options and number of options, and those of a language
    the same questions and options. Equal numbers of votes: the side of the earlier set holds. `key` and `gold`: what
    the source calls them. By index, a language with an item more or less than most is left out whole: from there on all
    its items would be other facts.
    """
    numbered = sets if by == "id" else [each.by_index() for each in sets]
    words = (key if by == "id" else "place", gold)
    agreed: list[AnswerSet] = []
    problems: list[SourceProblem] = []
    ordered = sorted(numbered, key=lambda each: (each.dataset, each.language))
    for _, same_dataset in groupby(ordered, key=lambda each: each.dataset):
        kept, unlike = _majority(list(same_dataset), words, languages="all")
        problems += unlike
        for _, same_language in groupby(kept, key=lambda each: each.language):
            alike, unlike = _majority(list(same_language), words, languages="one")
            agreed += alike
            problems += unlike
    return agreed, problems


def _outline(facts: tuple[AskedFact, ...]) -> tuple[tuple[str, tuple[int, ...], int], ...]:
    """What is the same in every language."""
    return tuple((fact.fact_id, fact.gold, len(fact.options)) for fact in facts)


def _majority(
    sets: Sequence[AnswerSet], words: tuple[str, str], *, languages: Literal["one", "all"]
) -> tuple[list[AnswerSet], list[SourceProblem]]:
    views: list[Hashable] = [_outline(each.facts) if languages == "all" else each.facts for each in sets]
    if len(set(views)) <= 1:
        return list(sets), []
    winner, votes = Counter(views).most_common(1)[0]
    reference = {fact.fact_id: fact for fact in sets[views.index(winner)].facts}
    others = f"{votes} files of the {'dataset' if languages == 'all' else 'language'}"
    kept = [each for each, seen in zip(sets, views, strict=True) if seen == winner]
    problems = [
        SourceProblem(each.place, *_first_difference(each, reference, others, words, texts=languages == "one"))
        for each, seen in zip(sets, views, strict=True)
        if seen != winner
    ]
    return kept, problems


def _first_difference(
    answers: AnswerSet, reference: dict[str, AskedFact], others: str, words: tuple[str, str], *, texts: bool
) -> tuple[int | None, str]:
    """The first line, from the top of the file, in which it departs from the others, and how; `texts`: in words too."""
    key, gold = words
    for line, fact in sorted(zip(answers.numbers, answers.facts, strict=True), key=lambda numbered: numbered[0]):
        other = reference.get(fact.fact_id)
        shown = f"{key} {fact.fact_id[:40]!r}"
        if other is None:
            return line, f"{shown} is not among the {len(reference)} facts of {others}"
        for name, here, there in (*_outlines(fact, other, gold), *(_texts(fact, other) if texts else ())):
            if here != there:
                return line, f"{shown} has {name} {here[:40]!r}, but {there[:40]!r} in {others}"
    missing = min(reference.keys() - {fact.fact_id for fact in answers.facts})
    counts = f"the number of facts is {len(answers.facts)}, but {len(reference)} in {others}"
    return None, f"{counts}; one missing is {key} {missing[:40]!r}"


def _outlines(fact: AskedFact, other: AskedFact, gold: str) -> Iterable[tuple[str, str, str]]:
    yield f"the {gold}", _letters(fact.gold), _letters(other.gold)
    yield "the number of options", str(len(fact.options)), str(len(other.options))


def _texts(fact: AskedFact, other: AskedFact) -> Iterable[tuple[str, str, str]]:
    yield "the question", fact.question, other.question
    yield from (("the option", *pair) for pair in zip(fact.options, other.options, strict=True))
    yield "the accepted answers", "; ".join(fact.answers), "; ".join(other.answers)


def _letters(gold: Iterable[int]) -> str:
    return ";".join(ascii_uppercase[index] if index < len(ascii_uppercase) else str(index + 1) for index in gold)
