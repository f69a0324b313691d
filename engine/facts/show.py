"""Facts for people to read: samples of each relation in each language, in all their forms."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.facts.reword import reword
from engine.facts.wording import wordings


def sample_lines(questions: Sequence[Question], *, relation: str | None, sample: int) -> Iterator[str]:
    """`sample` facts of each relation, the same in every language: question, options with the right one marked, forms.

    Raises IsoglossError for an unknown relation, naming those there.
    """
    by_relation = sorted(questions, key=lambda question: str(question.relation))
    groups = {name: list(group) for name, group in groupby(by_relation, key=lambda question: str(question.relation))}
    if relation is not None and relation not in groups:
        raise IsoglossError(f"there is no relation {relation}; relations: {', '.join(groups)}", exit_status=64)
    for name, group in groups.items():
        if relation in (None, name):
            ids = sorted({question.fact_id for question in group})
            chosen = ids[:: max(1, len(ids) // sample)][:sample]  # from all over the alphabet
            yield f"── {name}: {len(ids):,} facts"
            for question in group:
                if question.fact_id in chosen:
                    yield from _lines(question)


def _lines(question: Question) -> Iterator[str]:
    options = (f"[{text}]" if place in question.gold else text for place, text in enumerate(question.options))
    yield f"{question.language}  {question.fact_id}: {question.text}"
    yield f"    options: {' · '.join(options)}"
    words = wordings(question.relation or "").get(question.language)
    for form in list(words.forms)[1:] if words else ():
        yield f"    {form}: {reword(question, form).text}"
