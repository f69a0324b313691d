"""The rows of a list of facts, each completed in many languages: what was recognised, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard import queries
from dashboard.app_pages.live.typing.completion import KnownTexts, completed
from dashboard.app_pages.live.typing.draft import SEVERAL, TypedFact, problems_of
from dashboard.app_pages.live.typing.recognition import Recognised, largest, recognise
from dashboard.app_pages.live.typing.template_filling import TypedTemplate, in_words, title_of
from engine.languages import by_family
from engine.live.fact.fact_list import ListedFact, parted


@dataclass(frozen=True)
class CompletedRow:
    """A row of a list, and the fact that it is; None: it cannot be asked, and the note says why."""

    listed: ListedFact
    typed: TypedFact | None
    relation: str = ""  # that was recognised
    note: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which it can be asked."""
        return tuple(self.typed.fact.texts) if self.typed is not None else ()


def complete_row(version: str, listed: ListedFact, languages: Sequence[str]) -> CompletedRow:
    """Complete a row in these languages, its own and those that it has texts in."""
    relations = queries.view(version, "probe_relations")
    if problem := listed.problem or _wrong_counts(listed):
        return CompletedRow(listed, None, note=problem)
    question = listed.question or _question_of(relations, listed)
    if question is None:
        known = ", ".join(sorted(relations["relation"].dropna().unique())) or "none"
        note = f"no question of “{listed.relation}” is known in its language: give a question, or one of {known}"
        return CompletedRow(listed, None, note=note)
    template = TypedTemplate(
        language=listed.language,
        question=question,
        subject=listed.subject,
        answer=listed.answer,
        wrong=f"{SEVERAL} ".join(listed.wrong),
        options="own" if listed.wrong else "proposed",
    )
    tags = by_family({listed.language, *languages, *(tag for tag, _ in listed.also)})
    meaning = recognise(version, relations, template, tags)
    in_known_words = meaning is not None and meaning.fits
    found = completed(
        version, template, tags, meaning, in_known_words=in_known_words, own=_own_texts(listed, template, meaning)
    )
    draft = in_words(found.filled.draft)
    fact = draft.fact(tags)
    relation = found.relation or ""
    if problems := problems_of(fact):
        return CompletedRow(listed, None, relation, note="; ".join(map(str, problems)))
    if not fact.texts:
        return CompletedRow(listed, None, relation, note="no language has all its texts: give question and answer")
    typed = TypedFact(fact, title_of(found.template, found.relation), None)
    return CompletedRow(listed, typed, relation, _note(version, typed, meaning, is_open=not draft.n_options))


def _note(version: str, typed: TypedFact, meaning: Recognised | None, *, is_open: bool) -> str:
    """What its user should know before it is asked."""
    notes = []
    if said := queries.contradiction(version, typed.fact.model_dump()):
        notes.append(said.sentence)
    if is_open:
        notes.append("An open question: give wrong options in the column wrong to have it chosen.")
    if meaning is None and len(typed.fact.texts) == 1:
        notes.append(
            "Its words are not known: asked as written, unless columns such as question_de give it in other languages."
        )
    return " ".join(notes)


def _wrong_counts(listed: ListedFact) -> str | None:
    for (tag, column), text in listed.also.items():
        if column == "wrong" and len(parted(text)) != len(listed.wrong):
            return f"wrong_{tag} has {len(parted(text))} options, but wrong has {len(listed.wrong)}: give the same ones"
    return None


def _question_of(relations: pd.DataFrame, listed: ListedFact) -> str | None:
    """The store's question of a relation in the row's language."""
    known = largest(relations, listed.relation)
    return known[1].get(listed.language) if known is not None else None


def _own_texts(listed: ListedFact, template: TypedTemplate, meaning: Recognised | None) -> KnownTexts:
    """What the row says in further languages, by the answers as they are asked."""
    asked = meaning.template if meaning is not None and meaning.fits else template
    columns: dict[str, dict[str, str]] = {"question": {}, "subject": {}, "answer": {}}
    answers: dict[str, Mapping[str, str]] = {}
    for (tag, column), text in listed.also.items():
        if column == "wrong":
            for own, there in zip(asked.wrong_answers, parted(text), strict=True):
                answers[own] = {**answers.get(own, {}), tag: there}
        else:
            columns[column][tag] = text
    if columns["answer"]:
        answers[asked.answer.strip()] = columns["answer"]
    return KnownTexts(columns["question"], columns["subject"], answers)
