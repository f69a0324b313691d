"""What the store knows of a fact that is being typed: its relation, other wordings of it, wrong answers to propose."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard import queries
from dashboard.app_pages.live.typing.distractors import Distractors, KnownFact, known_facts, propose
from engine.entity_names import folded

Relation = tuple[str, str]  # dataset, relation


def find_distractors(
    version: str,
    *,
    about: str,
    subject: str,
    answer: str,
    language: str,
    languages: Sequence[str],
    relation: Relation | None = None,
    seed: int = 0,
) -> Distractors | None:
    """Wrong answers beside the right one, of the relation, else of the first one that has this right answer."""
    if relation is not None:
        candidates = [relation]
    else:
        found = queries.view(version, "probe_answer_relations", language=language, answer=answer, subject=subject)
        candidates = [(str(row["dataset"]), str(row["relation"])) for _, row in found.iterrows()]
    for candidate in candidates:
        distractors = propose(
            facts_of(version, candidate, [language, *languages]),
            about=about,
            answer=answer,
            language=language,
            needed=languages,
            seed=seed,
        )
        if distractors is not None:
            return distractors
    return None


def facts_of(version: str, relation: Relation, languages: Sequence[str]) -> list[KnownFact]:
    """Subjects and answers of a relation."""
    dataset, name = relation
    tags = tuple(sorted(set(languages)))
    return known_facts(queries.view(version, "probe_answers", dataset=dataset, relation=name, languages=tags))


def relation_asked(relations: pd.DataFrame, question: str, language: str) -> tuple[Relation, Mapping[str, str]] | None:
    """The relation that has this wording in the language, and its wordings; that of the dataset with most languages."""
    asked = relations[(relations["language"] == language) & relations["wording"].notna()]
    same = asked[[folded(wording) == folded(question) for wording in asked["wording"]]]
    best: tuple[Relation, Mapping[str, str]] | None = None
    for _, row in same.iterrows():
        rows = relations[(relations["dataset"] == row["dataset"]) & (relations["relation"] == row["relation"])]
        rows = rows[rows["wording"].notna()]
        wordings = dict(zip(rows["language"], rows["wording"], strict=True))
        if best is None or len(wordings) > len(best[1]):
            best = (str(row["dataset"]), str(row["relation"])), wordings
    return best
