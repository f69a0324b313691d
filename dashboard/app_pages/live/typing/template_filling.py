"""A template filled in for many languages: known names and wordings in place, the rest left to the user."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.draft import ANSWER, QUESTION, SEVERAL, SUBJECT, Cell, Draft, option
from engine.common_names import NameByLanguage, keys_meant
from engine.entity_names import names_in

WrongAnswers = Literal["proposed", "own", "none"]
PLACE = "{subject}"
Typed = tuple[str, str, str]  # language, column, and the text in the template's language that the cell is for


@dataclass(frozen=True)
class TypedTemplate:
    """What the user typed in one language, and the cells of the others that the user filled in."""

    language: str = "en"
    question: str = ""
    subject: str = ""
    answer: str = ""
    wrong: str = ""  # the user's own wrong answers, with semicolons between them
    options: WrongAnswers = "proposed"
    seed: int = 0
    kinds: Mapping[str, str] = field(default_factory=dict)  # which thing is meant by a name that several have, as a key
    typed: Mapping[Typed, str] = field(default_factory=dict)
    machine: frozenset[Typed] = frozenset()

    @property
    def wrong_answers(self) -> list[str]:
        """The user's own wrong answers, one by one."""
        return [part.strip() for part in self.wrong.split(SEVERAL) if part.strip()]


@dataclass(frozen=True)
class Filled:
    """The table that a template makes, and the text of the template's language that each column is for."""

    draft: Draft
    sources: Mapping[str, str]

    def differences(self, edited: Draft, languages: Sequence[str]) -> dict[Typed, str]:
        """The cells that were edited."""
        return {
            (tag, column, source): edited.cells.get((tag, column), "")
            for column, source in self.sources.items()
            for tag in languages
            if edited.cells.get((tag, column), "") != self.draft.cells.get((tag, column), "")
        }


def fill(
    template: TypedTemplate,
    languages: Sequence[str],
    *,
    wordings: Mapping[str, str],
    subjects: Mapping[str, str],
    answers: Mapping[str, NameByLanguage] | None = None,
    distractors: Distractors | None,
    relation: str | None = None,
) -> Filled:
    """Fill a table in. `wordings` and `subjects`: what the store calls question and subject, by language; `answers`:
    what it calls the answers, by their texts in the template's language.
    """
    columns, gold = _options(template, distractors, answers or {})
    sources = {SUBJECT: template.subject.strip(), QUESTION: template.question.strip()}
    sources |= {column: names.get(template.language, "") for column, names in columns.items()}
    known: dict[str, Mapping[str, str]] = {SUBJECT: subjects, QUESTION: wordings, **columns}
    cells: dict[Cell, str] = {}
    for tag in languages:
        for column, source in sources.items():
            if not source:
                continue
            text = source if tag == template.language else known[column].get(tag)
            text = text or (None if column == QUESTION else called(source, template, tag))
            cells[tag, column] = template.typed.get((tag, column, source), text or "")
    machine = frozenset((tag, column) for tag, column, source in template.machine if sources.get(column) == source)
    n_options = len(columns) if gold is not None else 0
    draft = Draft(cells, n_options, () if gold is None else (gold,), relation, machine)
    return Filled(draft, sources)


def in_words(draft: Draft) -> Draft:
    """The table as it is asked: with each subject in its question. What lacks its subject lacks its question."""
    cells = dict(draft.cells)
    for (tag, column), text in draft.cells.items():
        if column == QUESTION and PLACE in text:
            subject = draft.text(tag, SUBJECT)
            cells[tag, column] = text.replace(PLACE, subject) if subject else ""
    return replace(draft, cells=cells)


def title_of(template: TypedTemplate, relation: str | None) -> str:
    """A short name for the fact, e.g. "capital · Poland"."""
    asked = relation.replace("_", " ") if relation else template.question.replace(PLACE, "…")
    return f"{asked} · {template.subject}" if template.subject else asked


def called(name: str, template: TypedTemplate, tag: str) -> str | None:
    """What another language calls something; None where it is not known, or not known which of several is meant."""
    keys = keys_meant(name, template.language)
    chosen = template.kinds.get(name)
    found = {names_in(tag).get(key) for key in ((chosen,) if chosen in keys else keys)}
    return found.pop() if len(found) == 1 else None


def ambiguous(template: TypedTemplate, names: Sequence[str], languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The names that mean several things which other languages tell apart, with the keys of these."""
    found = {}
    for name in dict.fromkeys(name for name in names if name):
        keys = keys_meant(name, template.language)
        if len(keys) > 1 and any(len({names_in(tag).get(key) for key in keys}) > 1 for tag in languages):
            found[name] = keys
    return found


def _options(
    template: TypedTemplate, distractors: Distractors | None, answers: Mapping[str, NameByLanguage]
) -> tuple[Mapping[str, Mapping[str, str]], int | None]:
    """The columns of the answers with what is known of them by language; the right one's number, None: open."""

    def names(text: str) -> NameByLanguage:
        return {**answers.get(text, {}), template.language: text}

    answer = names(template.answer.strip())
    wrong = template.wrong_answers
    if template.options == "proposed" and distractors is not None:
        own = (names(option_names.get(template.language, "")) for option_names in distractors.options)
        both = [{**known, **told} for known, told in zip(distractors.options, own, strict=True)]
        return {option(index): option_names for index, option_names in enumerate(both)}, distractors.gold
    if template.options == "own" and wrong and answer[template.language]:
        digest = hashlib.sha256(f"{template.seed}\n{template.subject}\n{template.answer}".encode("utf-8", "replace"))
        gold = digest.digest()[0] % (len(wrong) + 1)
        options = [names(name) for name in wrong]
        return {option(i): names for i, names in enumerate([*options[:gold], answer, *options[gold:]])}, gold
    return {ANSWER: answer}, None
