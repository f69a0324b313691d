"""A small dataset in three languages, and jobs on it, for the tests of runs."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from engine.facts.load import load_questions
from engine.probes.letter import LetterProbe
from engine.probes.template import FALLBACK, Template, Wording
from engine.runs.job import Job
from engine.schema import TABLES
from engine.store.write import TableFile, write_files

LANGUAGES = ("de", "en", "zh")
WORDS = Template("letter", "small", 1, {FALLBACK: Wording("{question}\n{options}\nAnswer:")})
OTHER_WORDS = Template("letter", "other", 1, {FALLBACK: Wording("Q: {question}\n{options}\nA:")})


def write_facts(store: Path, *, facts: int = 5, dataset: str = "capitals", text: str = "Capital of land {}?") -> None:
    """Put `facts` facts of two options each into a store, in three languages."""
    rows = [
        {
            "dataset": dataset,
            "fact_id": str(fact),
            "language": language,
            "stream": "factual",
            "relation": "capital",
            "subject": f"land {fact}",
            "question": f"{language}: {text.format(fact)}",
            "options": [f"town {fact}", f"river {fact}"],
            "gold": [fact % 2],
            "answers": [],
        }
        for fact in range(facts)
        for language in LANGUAGES
    ]
    table = pa.Table.from_pylist(rows, schema=TABLES["facts"].arrow)
    write_files(store, [TableFile("facts", dataset, table)])


def small_job(store: Path, **changes: object) -> Job:
    """Ask the letter probe everything that the store holds, in shards of two questions."""
    questions = load_questions([store], "capitals")
    settings: dict[str, object] = {
        "store": store,
        "run_id": "small",
        "model": "fake",
        "dataset": "capitals",
        "questions": questions,
        "probes": (LetterProbe(words=WORDS),),
        "words_sha256": {f"{words.name}@1": words.digest for words in (WORDS, OTHER_WORDS)},
        "settings": {"permute": "none"},
        "shard_size": 2,
        "command": ("--model", "fake"),
    }
    return Job(**(settings | changes))  # type: ignore[arg-type]


def stopping(after: int, error: BaseException) -> Callable[[], None]:
    """Called before each item: raises at the item after `after` of them."""
    asked = 0

    def before() -> None:
        nonlocal asked
        asked += 1
        if asked > after:
            raise error

    return before
