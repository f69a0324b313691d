"""The facts that come with Isogloss, made from CLDR and GeoNames: the same bytes every time."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from engine.errors import IsoglossError
from engine.facts.calendar_order import calendar_facts
from engine.facts.cldr import base_locales, names_of
from engine.facts.distractors import choose_options
from engine.facts.telling import STREAMS, Told, share_named, tell
from engine.facts.wording import written_languages
from engine.facts.world import world_facts
from engine.languages import parse_language
from engine.schema import TABLES, TableName
from engine.store.write import TableFile, WriteReport, write_files

ENOUGH = 0.95  # of the names; a locale with fewer is left out
# What is embedded: the languages with sentences of their own and thirty others that most people would look for; more
# would let the dashboard open noticeably later.
_OTHERS = "am bg bn ca cs da el es fa fi gu hi hu id ka ko ms nb nl pt ro sv sw ta te th tr uk ur vi"
EMBEDDED_LANGUAGES = (*written_languages(), *_OTHERS.split())
_TITLES = {"world": "World facts", "calendar": "Calendar facts"}


@dataclass(frozen=True)
class BuiltFacts:
    """Facts told in many languages, how many there are, and what was left out."""

    told: tuple[Told, ...]
    n_facts: int
    languages: tuple[str, ...]
    n_written: int  # of the facts, those that only the written languages can tell: engine/capitals.toml
    too_few_names: tuple[str, ...]  # languages left out

    def lines(self) -> list[str]:
        """What was built, for people."""
        others = len(set(self.languages) - set(written_languages()))
        missing = self.n_facts * len(self.languages) - len(self.told) - self.n_written * others
        lines = [
            f"{self.n_facts:,} facts in {len(self.languages)} languages: {len(self.told):,} rows",
            f"left out in other languages ({others}): {self.n_written:,} capitals, named in the written languages only",
            f"left out: {missing:,} rows for which a language has no name, or one name for two things",
        ]
        if self.too_few_names:
            few = ", ".join(self.too_few_names)
            lines.append(f"left out: {len(self.too_few_names)} languages with under {ENOUGH:.0%} of the names: {few}")
        return lines


def known_languages() -> dict[str, str]:
    """The languages of CLDR by their tags, each with its locale; of two locales of one language the first."""
    tags: dict[str, str] = {}
    for code in base_locales():
        with contextlib.suppress(IsoglossError):  # what the registry of languages does not know yet
            tags.setdefault(parse_language(code), code)
    return tags


def build_facts(languages: Sequence[str]) -> BuiltFacts:
    """The facts in these languages, by their tags. Which facts there are and their options do not depend on them.

    Raises IsoglossError for a language that CLDR does not have, and when none of them has enough names.
    """
    locales = known_languages()
    if unknown := [tag for tag in languages if tag not in locales]:
        raise IsoglossError(f"CLDR has no names in {', '.join(unknown)}; it has {', '.join(sorted(locales))}")
    written = written_languages()
    wanted = sorted(set(languages))
    read = names_of({locales[tag] for tag in (*written, *wanted)})
    names = {tag: read[locales[tag]] for tag in (*written, *wanted)}
    facts = [
        fact
        for fact in (*world_facts(names["en"]), *calendar_facts())
        if all(fact.subject in names[tag] and fact.answer in names[tag] for tag in written)
    ]
    options = choose_options(facts, [names[tag] for tag in written])
    facts = [fact for fact in facts if fact.fact_id in options]
    enough = [tag for tag in wanted if share_named(facts, names[tag]) >= ENOUGH]
    if not enough:
        raise IsoglossError(f"CLDR has under {ENOUGH:.0%} of the names in {', '.join(wanted)}; ask for other languages")
    return BuiltFacts(
        told=tuple(told for tag in enough for told in tell(facts, options, tag, names[tag], names["en"])),
        n_facts=len(facts),
        n_written=sum(fact.answer.startswith("capital:") for fact in facts),
        languages=tuple(enough),
        too_few_names=tuple(tag for tag in wanted if tag not in enough),
    )


def write_built(built: BuiltFacts, store: Path) -> WriteReport:
    """Write the facts, their traits and what their datasets are called. Raises IsoglossError as `write_files` does."""
    files = [TableFile("datasets", "isogloss_datasets", _table("datasets", [_dataset(name) for name in _TITLES]))]
    for dataset in _TITLES:
        told = [told for told in built.told if told.fact["dataset"] == dataset]
        files.append(TableFile("facts", dataset, _table("facts", [one.fact for one in told])))
        files.append(TableFile("traits", dataset, _table("traits", [one.traits for one in told])))
    return write_files(store, files)


def _dataset(name: str) -> dict[str, object]:
    return {
        "dataset": name,
        "title": _TITLES[name],
        "stream": STREAMS[name],
        "chance": 0.25,
        "ceiling": 1.0,
        "ceiling_source": "every answer right",
    }


def _table(name: TableName, rows: list[dict[str, object]]) -> pa.Table:
    return TABLES[name].of_rows(rows)
