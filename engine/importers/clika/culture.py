"""Which culture a CLiKA fact belongs to: the source questions of x_geo and x_name say it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import orjson

from engine.errors import IsoglossError
from engine.importers.clika.release import SOURCE_QUESTIONS
from engine.importers.intake.answer_row import AskedFact
from engine.importers.intake.source_files import LeftOut
from engine.languages import parse_language


def read_cultures(
    files: Iterable[LeftOut], facts: Mapping[str, Sequence[AskedFact]], *, tag_of: Callable[[str], str] = parse_language
) -> tuple[dict[str, str], list[str]]:
    """The language of each fact's culture, by the fact's id, and notes on what could not be used.

    `files` are a dataset's files that hold no results, `facts` its facts by language; `tag_of` reads languages. A row
    counts only if it asks the fact's question word for word, and a fact only if all languages agree on its culture.
    """
    found: dict[str, set[str]] = defaultdict(set)
    notes = []
    for file in files:
        if file.reason != SOURCE_QUESTIONS or "_data" not in file.path.name:
            continue
        try:
            asked = {fact.fact_id: fact.question for fact in facts.get(tag_of(file.path.parent.name), ())}
            rows = [orjson.loads(line) for line in file.path.read_bytes().split(b"\n") if line.strip()]
            cultures = {
                str(row["id"]): tag_of(row["original_lang"])
                for row in rows
                if asked.get(str(row["id"])) == row["questions"].strip()
            }
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError, IsoglossError) as error:
            notes.append(f"{file.place}: cultures not read ({type(error).__name__}: {error!s:.120})")
            continue
        for fact_id, culture in cultures.items():
            found[fact_id].add(culture)
    torn = sum(len(cultures) > 1 for cultures in found.values())
    if torn:
        notes.append(f"facts whose culture differs between languages, left empty: {torn}")
    return {fact_id: next(iter(cultures)) for fact_id, cultures in found.items() if len(cultures) == 1}, notes
