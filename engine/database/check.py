"""Checking a store: it is opened, which leaves out what is damaged or cannot be, and looked over.

What is found beyond that is no contradiction, but hardly meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.database.database import open_database
from engine.store.rewrite import outdated_files

# Each check is a query of (what, how many), empty when all is well.
_CHECKS = {
    "facts that no language tells (answers without text)": """
        select dataset || ' ' || fact_id as what from facts
        where (dataset, fact_ix) not in (select (dataset, fact_ix) from fact_texts)
    """,
    "answers in a language in which the fact has no text": """
        select f.dataset || ' ' || f.fact_id || ' ' || a.language as what
        from answers as a join facts as f using (dataset, fact_ix)
        left join fact_texts as t on t.dataset = a.dataset and t.fact_ix = a.fact_ix and t.language = a.language
        where t.fact_ix is null and (a.dataset, a.fact_ix) in (select (dataset, fact_ix) from fact_texts)
    """,
}


@dataclass(frozen=True)
class CheckReport:
    """What was counted and found; `notes` are no faults."""

    counts: dict[str, int]
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The report for people, one finding per line."""
        counted = ", ".join(f"{number:,} {name}" for name, number in self.counts.items())
        return [counted, *(self.findings or ("all is well",)), *self.notes]


def check_store(folders: Sequence[Path]) -> CheckReport:
    """Open the store (checksums, schema, rules, duplicates) and look for answers that lack their facts' texts.

    Files in the terms of an older version of the schema are noted, with the command that writes them anew.
    """
    store = open_database(folders)
    try:
        findings = [f"{problem.file}: {problem.reason}" for problem in store.problems]
        for title, sql in _CHECKS.items():
            found = store.frame(sql)["what"]
            if len(found):
                findings.append(f"{len(found):,} {title}, e.g. {found.iloc[0]}")
        counts = store.frame("""
            select (select count(*) from facts) as facts, (select count(*) from answers) as answers,
                   (select count(distinct model) from askings) as models,
                   (select count(*) from askings) as "ways of asking them"
        """).iloc[0]
        counted = {str(name): int(number) for name, number in counts.items()}
        return CheckReport(counted, tuple(findings), tuple(note for folder in folders for note in _notes(folder)))
    finally:
        store.close()


def _notes(folder: Path) -> Iterator[str]:
    if paths := [file.entry.path for file in outdated_files(folder)]:
        yield (
            f"note: {', '.join(paths)} of {folder}: in an older version's terms, and read as before; "
            f"to write anew: python -m engine check --rewrite --store {folder}"
        )
