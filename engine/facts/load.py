"""The facts of a dataset as questions, out of the stores that hold them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.store.manifest import FOLDERS, MANIFEST
from engine.store.verify import BadFile, StoreProblem, VerifiedFile, read_snapshot

_COLUMNS = ("dataset", "fact_id", "language", "question", "options", "gold", "answers", "relation", "subject")
_MAX_DIGITS = 18  # a longer number is an identifier, not a count


def load_questions(
    folders: Sequence[Path],
    dataset: str,
    *,
    languages: Sequence[str] | None = None,
    limit: int | None = None,
    left_out: Callable[[StoreProblem], None] | None = None,
) -> list[Question]:
    """The questions of a dataset by language, then by fact; where two stores tell the same fact the later one holds.

    `limit` takes the first facts of the dataset, the same in whatever languages are asked for. `left_out` is told of
    files of facts that could not be read. Raises IsoglossError for an unknown dataset or language, naming those there.
    """
    if limit is not None and limit < 1:
        raise IsoglossError(f"a limit of {limit} facts leaves nothing to ask; give 1 or more", exit_status=64)
    found: dict[tuple[str, str], Question] = {}
    datasets: set[str] = set()
    problems: list[StoreProblem] = []
    for file in _files(folders, problems):
        try:
            rows = [row for batch in file.batches(_COLUMNS) for row in batch.to_pylist()]  # all of a file or nothing
        except BadFile as error:
            problems.append(StoreProblem(file.entry.path, str(error)))
            continue
        datasets |= {row["dataset"] for row in rows}
        found |= {(row["language"], row["fact_id"]): _question(row) for row in rows if row["dataset"] == dataset}
    if not found:
        damaged = "".join(f"; {problem.file} {problem.reason}" for problem in problems)
        known = f"datasets with facts: {', '.join(sorted(datasets))}" if datasets else "no store holds facts"
        raise IsoglossError(f"no facts of the dataset {dataset!r}; {known}{damaged}")
    for problem in problems if left_out else ():
        left_out(problem)  # type: ignore[misc]
    wanted = _languages(languages, {language for language, _ in found}, dataset)
    first = set(sorted({fact_id for _, fact_id in found}, key=_natural)[:limit])
    chosen = [question for question in found.values() if question.language in wanted and question.fact_id in first]
    return sorted(chosen, key=lambda question: (question.language, _natural(question.fact_id)))


def _files(folders: Sequence[Path], problems: list[StoreProblem]) -> Iterable[VerifiedFile]:
    for folder in folders:
        snapshot = read_snapshot(folder)
        of_facts = (f"{FOLDERS['facts']}/", f"{folder.name}/{MANIFEST}")
        problems += [problem for problem in snapshot.problems if problem.file.startswith(of_facts)]
        yield from (file for file in snapshot.files if file.entry.table == "facts")


def _question(row: dict[str, Any]) -> Question:
    return Question(
        dataset=row["dataset"],
        fact_id=row["fact_id"],
        language=row["language"],
        text=row["question"],
        options=tuple(row["options"]),
        gold=tuple(row["gold"]),
        answers=tuple(row["answers"]),
        relation=row["relation"],
        subject=row["subject"],
    )


def _languages(asked: Sequence[str] | None, there: set[str], dataset: str) -> set[str]:
    if unknown := [language for language in asked or () if language not in there]:
        raise IsoglossError(f"{dataset} has no facts in {', '.join(unknown)}; it has {', '.join(sorted(there))}")
    return there if asked is None else set(asked)


def _natural(fact_id: str) -> tuple[int, int, str]:
    """Numbers by their size, before everything else."""
    is_number = fact_id.isascii() and fact_id.isdigit() and len(fact_id) <= _MAX_DIGITS
    return (0, int(fact_id), fact_id) if is_number else (1, 0, fact_id)
