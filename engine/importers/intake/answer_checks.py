"""What makes an answer sound: it fits the item that it is an answer to, and the item stands in its source once."""

from collections.abc import Iterable, Iterator

from engine.importers.intake.answer_row import AnswerRow
from engine.importers.intake.source_files import UnreadableSource


def sound_rows(rows: Iterable[AnswerRow], *, key: str) -> Iterator[AnswerRow]:
    """The rows as they come. Raises UnreadableSource at one that repeats the key of an item or cannot be."""
    seen: dict[str, int] = {}
    for row in rows:
        fact_id = row.fact.fact_id
        if fact_id in seen:
            raise UnreadableSource(row.number, f"{key} {fact_id[:40]!r} stands in line {seen[fact_id]} already")
        seen[fact_id] = row.number
        if problem := _problem(row):
            raise UnreadableSource(row.number, f"{key} {fact_id[:40]!r} {problem}")
        yield row


def _problem(row: AnswerRow) -> str | None:
    n_options = len(row.fact.options)
    if any(not 0 <= index < n_options for index in row.fact.gold):
        return f"has a right option beyond its {n_options} options"
    if row.predicted is not None and not 0 <= row.predicted < n_options:
        return f"has option number {row.predicted + 1} as its answer, but {n_options} options"
    if row.option_logprobs is not None and len(row.option_logprobs) != n_options:
        return f"has {len(row.option_logprobs)} log-likelihoods, but {n_options} options"
    if row.error is not None and (row.predicted is not None or row.correct is not None):
        return "has an error, and an answer that was measured all the same"
    return None
