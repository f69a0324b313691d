"""Plausible wrong answers: right ones of other facts of the same relation, drawn by a seed, and none that is true."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.common_names import NameByLanguage
from engine.entity_names import also_true, folded, keys_called, names_in

N_WRONG = 3
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # no blanks between words


@dataclass(frozen=True)
class KnownFact:
    """Subject and right answer of a fact of the relation, by language."""

    subject: NameByLanguage
    answer: NameByLanguage


@dataclass(frozen=True)
class Distractors:
    """Options in an order that is the same in all languages."""

    options: tuple[NameByLanguage, ...]
    gold: int
    is_checked: bool  # whether the store knows the subject, so that no other answer of it is offered as wrong


def known_facts(answers: pd.DataFrame) -> list[KnownFact]:
    """From the rows of engine/browse/probe_answers.sql."""
    facts = []
    for _, rows in answers.groupby("fact_id", sort=False):
        named = rows[rows["subject"].notna()]
        facts.append(
            KnownFact(
                dict(zip(named["language"], named["subject"], strict=True)),
                dict(zip(rows["language"], rows["answer"], strict=True)),
            )
        )
    return facts


def propose(
    facts: Sequence[KnownFact], *, about: str, answer: str, language: str, needed: Iterable[str], seed: int = 0
) -> Distractors | None:
    """The answer among wrong ones; None where there are not enough of them.

    `about` is the subject or a question that names it; it stands in `language`, as the answer does. `needed` are the
    languages in which all options must differ. Left out is every answer that the store gives for this subject, and what
    CLDR says of it too: another language that is spoken in a country, another currency of it, another city.
    """
    same_subject = [fact for fact in facts if mentions(about, fact.subject.get(language, ""))]
    same_answer = [fact.answer for fact in facts if folded(fact.answer.get(language, "")) == folded(answer)]
    right = {**(same_answer[0] if same_answer else {}), language: answer}
    true = {folded(answer), *(folded(fact.answer[language]) for fact in same_subject if language in fact.answer)}
    true |= _true_names(about, language)
    tags = {language, *needed}
    wrong: list[NameByLanguage] = []
    for fact in sorted(facts, key=lambda fact: _draw(seed, about, answer, fact.answer.get(language, ""))):
        name = fact.answer.get(language)
        if name is None or folded(name) in true or mentions(about, name):
            continue
        if _differ([right, *wrong, fact.answer], tags):
            wrong.append(fact.answer)
        if len(wrong) == N_WRONG:
            place = _draw(seed, about, answer)[0] % (N_WRONG + 1)
            return Distractors((*wrong[:place], right, *wrong[place:]), place, bool(same_subject))
    return None


def mentions(text: str, name: str) -> bool:
    """Whether a text names something: as a word of its own, where the script sets words apart."""
    text, name = folded(text), folded(name)
    if not name or name not in text:
        return False
    if any(_UNSPACED.match(letter) for letter in name):
        return True
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _true_names(about: str, language: str) -> set[str]:
    """What may be as right as the answer, by CLDR, in the language."""
    called = names_in(language)
    subjects = [key for key, name in called.items() if key.startswith(("territory:", "language:")) and name in about]
    subjects += keys_called(about, language)
    keys = {true for key in subjects for true in also_true(key)}
    return {folded(called[key]) for key in keys if key in called}


def _differ(options: Sequence[NameByLanguage], tags: Iterable[str]) -> bool:
    """Whether no two options have one name in any language; what has no name there differs from nothing."""
    for tag in tags:
        names = [folded(option[tag]) for option in options if tag in option]
        if len(set(names)) < len(names):
            return False
    return True


def _draw(seed: int, *texts: str) -> bytes:
    return hashlib.sha256("\n".join([str(seed), *map(folded, texts)]).encode("utf-8", "backslashreplace")).digest()
