"""Behind the words that are typed: the relation that they ask for, and what the store calls subject and answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.app_pages.live.typing.distractor_sources import Relation, facts_of, relation_asked
from dashboard.app_pages.live.typing.distractors import KnownFact
from dashboard.app_pages.live.typing.draft import SEVERAL
from dashboard.app_pages.live.typing.language_controls import USUAL
from dashboard.app_pages.live.typing.template_filling import TypedTemplate
from engine.common_names import NameByLanguage, position_of
from engine.live.fact.question_reading import QuestionReading, readings, subject_keys, written_names


@dataclass(frozen=True)
class Recognised:
    """A relation that a template asks for, whose questions are known in many languages."""

    relation: Relation
    wordings: Mapping[str, str]  # by language, with {subject}
    subject: NameByLanguage  # what it is called, as far as that is known
    answers: Mapping[str, NameByLanguage]  # the same of the answers, by what they are called in the template's language
    is_exact: bool  # typed was one of the store's own questions
    fits: bool  # whether the relation is asked of such a subject, so that the known question means the same
    template: TypedTemplate  # as the store words it: its question, its subject and its answers, where it knows them


def recognise(
    version: str, relations: pd.DataFrame, template: TypedTemplate, languages: Sequence[str]
) -> Recognised | None:
    """What a template asks for; None where its words are not known. `relations`: engine/browse/probe_relations.sql."""
    for relation, wordings, reading, is_exact in _readings(relations, template):
        facts = facts_of(version, relation, [template.language, *languages, *USUAL])
        found = _recognised(template, relation, wordings, reading, facts, is_exact=is_exact)
        if found.subject or not reading.names_subject:
            return found
    return None


def _readings(
    relations: pd.DataFrame, template: TypedTemplate
) -> Iterator[tuple[Relation, Mapping[str, str], QuestionReading, bool]]:
    """Every way to read the question for which the store has words; the last part: whether they are its very own."""
    exact = relation_asked(relations, template.question, template.language)
    if exact is not None:
        subject = template.subject.strip() or None
        yield *exact, QuestionReading(exact[0][1], subject, template.language, names_subject=False), True
    for reading in readings(template.question, template.subject, template.language):
        if (known := largest(relations, reading.relation)) is not None:
            yield *known, reading, False


def largest(relations: pd.DataFrame, relation: str) -> tuple[Relation, Mapping[str, str]] | None:
    """The dataset that words a relation in the most languages, and these wordings."""
    rows = relations[(relations["relation"] == relation) & relations["wording"].notna()]
    if rows.empty:
        return None
    dataset = rows["dataset"].value_counts().idxmax()
    rows = rows[rows["dataset"] == dataset]
    return (str(dataset), relation), dict(zip(rows["language"], rows["wording"], strict=True))


def _recognised(
    template: TypedTemplate,
    relation: Relation,
    wordings: Mapping[str, str],
    reading: QuestionReading,
    facts: Sequence[KnownFact],
    *,
    is_exact: bool,
) -> Recognised:
    tags = (template.language, reading.language)
    about = None if reading.subject is None else _named(reading.subject, tags, facts)
    keys = () if reading.subject is None or about is not None else _keys(reading.subject, tags, relation[1])
    subject = about.subject if about is not None else written_names(keys[0]) if len(keys) == 1 else {}
    written = subject.get(tags[0], reading.subject or "")
    answers = {text: _answer(text, tags, about, facts) for text in (template.answer.strip(), *template.wrong_answers)}
    called = {text: names.get(tags[0], text) for text, names in answers.items()}
    return Recognised(
        relation=relation,
        wordings=wordings,
        subject=subject,
        answers=answers | {called[text]: names for text, names in answers.items()},
        is_exact=is_exact,
        fits=is_exact or reading.subject is None or bool(subject),
        template=replace(
            template,
            question=wordings.get(tags[0], template.question),
            subject=written,
            answer=called[template.answer.strip()],
            wrong=f"{SEVERAL} ".join(called[text] for text in template.wrong_answers),
            kinds={written: keys[0], **template.kinds} if subject and keys else template.kinds,
        ),
    )


def _keys(name: str, tags: tuple[str, str], relation: str) -> tuple[str, ...]:
    return next(filter(None, (subject_keys(name, tag, relation) for tag in tags)), ())


def _named(subject: str, tags: tuple[str, str], facts: Sequence[KnownFact]) -> KnownFact | None:
    """The fact about a subject."""
    place = _place(subject, tags, [fact.subject for fact in facts])
    return facts[place] if place is not None else None


def _answer(typed: str, tags: tuple[str, str], about: KnownFact | None, facts: Sequence[KnownFact]) -> NameByLanguage:
    """What the store calls an answer of the relation, first of all the right one; nothing where it is none of them."""
    if about is not None and _place(typed, tags, [about.answer]) is not None:
        return about.answer
    by_name: dict[str, dict[str, str]] = {}
    for fact in facts:
        own = fact.answer.get(tags[0]) or next(iter(fact.answer.values()))
        by_name.setdefault(own, {}).update(fact.answer)
    answers = list(by_name.values())
    place = _place(typed, tags, answers)
    return answers[place] if place is not None else {}


def _place(name: str, tags: tuple[str, str], among: Sequence[NameByLanguage]) -> int | None:
    return next((place for tag in tags if (place := position_of(name, tag, among)) is not None), None)
