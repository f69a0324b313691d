"""A fact of the store, ready to be asked: its texts in every language that it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard import queries
from dashboard.app_pages.live.typing.draft import ANSWER, QUESTION, SEVERAL, SUBJECT, Cell, Draft, option
from dashboard.elements.fact_card import several
from engine.live.protocol.fact_text import FactInLanguage, FactText


@dataclass(frozen=True)
class StoredTexts:
    """A stored fact in one language."""

    question: str
    options: tuple[str, ...]
    subject: str | None
    answers: tuple[str, ...]

    def answer(self, gold: tuple[int, ...]) -> str | None:
        """The right answer in words; None where nobody knows it."""
        if gold and gold[0] < len(self.options):
            return self.options[gold[0]]
        return next(iter(self.answers), None)

    def as_asked(self) -> FactInLanguage:
        """The texts as they can be asked."""
        return FactInLanguage(
            question=self.question,
            options=list(self.options),
            subject=self.subject or None,
            answers=list(self.answers),
        )


@dataclass(frozen=True)
class StoredFact:
    """A fact of the store with its texts by language."""

    dataset: str
    fact_id: str
    relation: str | None
    gold: tuple[int, ...]
    texts: Mapping[str, StoredTexts]

    @property
    def is_about_something(self) -> bool:
        """Whether it says its relation and its subject, so that it can be found by them."""
        return self.relation is not None and any(texts.subject for texts in self.texts.values())

    def as_asked(self, languages: Iterable[str]) -> FactText:
        """The fact as it can be asked, in those of the languages that it has."""
        texts = {tag: self.texts[tag].as_asked() for tag in languages if tag in self.texts}
        return FactText(relation=self.relation, texts=texts, gold=list(self.gold))

    def draft(self) -> Draft:
        """The fact as a table to be edited, in all its languages."""
        cells: dict[Cell, str] = {}
        for tag, texts in self.texts.items():
            cells[tag, QUESTION] = texts.question
            cells |= {(tag, option(index)): text for index, text in enumerate(texts.options)}
            if texts.subject:
                cells[tag, SUBJECT] = texts.subject
            if texts.answers:
                cells[tag, ANSWER] = f"{SEVERAL} ".join(texts.answers)
        n_options = max((len(texts.options) for texts in self.texts.values()), default=0)
        return Draft(cells=cells, n_options=n_options, gold=self.gold, relation=self.relation)


def stored_fact(version: str, dataset: str, fact_id: str) -> StoredFact | None:
    """The fact; None where the store has no texts of it."""
    header = queries.view(version, "fact_header", dataset=dataset, fact=fact_id)
    if header.empty:
        return None
    rows = queries.view(version, "fact", dataset=dataset, fact=fact_id, model="")
    texts = {
        str(row["language"]): StoredTexts(
            question=row["question"],
            options=tuple(map(str, several(row["options"]))),
            subject=row["subject"] if isinstance(row["subject"], str) else None,
            answers=tuple(map(str, several(row["answers"]))),
        )
        for _, row in rows.iterrows()
        if isinstance(row["question"], str)
    }
    if not texts:
        return None
    relation = header["relation"].iloc[0]
    return StoredFact(
        dataset=dataset,
        fact_id=fact_id,
        relation=relation if isinstance(relation, str) else None,
        gold=tuple(int(index) for index in several(header["gold"].iloc[0])),
        texts=texts,
    )
