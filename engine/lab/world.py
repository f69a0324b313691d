"""The world that lab models learn: a few facts about the most populous countries, in ten languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engine.capitals import capitals
from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.lab.recipe import LANGUAGES
from engine.locations import EMBEDDED

SOURCE = "world"  # the dataset that the facts come from
LAB = "lab"  # the dataset that they make
RELATIONS = ("capital", "continent", "currency_code", "official_language")
# The hundred most populous countries that the facts tell of, the largest first (GeoNames).
_COUNTRIES = """
CN IN US ID PK BR NG BD RU JP MX ET PH EG VN DE TR IR TH FR GB IT ZA TZ MM KR KE CO ES AR UG DZ SD UA IQ PL AF CA MA SA
UZ PE MY AO GH MZ VE YE NP MG KP CM CI AU NE LK BF RO ML CL KZ MW ZM GT NL EC SY ZW KH SN TD SO GN RW TN BJ BE BO CU BI
HT GR DO CZ PT AZ SE JO HU AE HN BY TJ IL AT PG CH SS TG SL
"""
COUNTRIES = tuple(_COUNTRIES.split())


@dataclass(frozen=True)
class World:
    """The facts of a lab, each in every one of `LANGUAGES`."""

    questions: Mapping[tuple[str, str], Question]  # by fact and language

    @cached_property
    def facts(self) -> Mapping[str, Sequence[str]]:
        """The ids of the facts by relation, sorted."""
        found: dict[str, list[str]] = {}
        for fact_id, language in sorted(self.questions):
            if language == "en":
                found.setdefault(self.questions[fact_id, language].relation or "", []).append(fact_id)
        return dict(sorted(found.items()))

    def answer(self, fact_id: str, language: str) -> str:
        """The right option in a language."""
        question = self.questions[fact_id, language]
        return question.options[question.gold[0]]

    def in_words_of(self, fact_id: str, language: str, *, subject: str, answer: str) -> Question:
        """The fact asked in a language, with its subject and its right option named in other ones."""
        question = self.questions[fact_id, language]
        options = list(question.options)
        options[question.gold[0]] = self.answer(fact_id, answer)
        return replace(question, subject=self.questions[fact_id, subject].subject, options=tuple(options))

    def offered(self, language: str) -> Sequence[str]:
        """Every subject and every option in a language, as often as it occurs."""
        asked = [question for (_, tag), question in self.questions.items() if tag == language]
        return [name for question in asked for name in (question.subject or "", *question.options)]

    def names(self, language: str) -> Mapping[tuple[str, str], str]:
        """Everything that has a name in a language: subjects and right options, by fact and part."""
        found = {}
        for ids in self.facts.values():
            for fact_id in ids:
                found[fact_id, "subject"] = self.questions[fact_id, language].subject or ""
                found[fact_id, "answer"] = self.answer(fact_id, language)
        return found


def make_world(questions: Iterable[Question], *, countries: Sequence[str] = COUNTRIES) -> World:
    """The world of these questions: those of `RELATIONS` about `countries`. Raises IsoglossError for gaps.

    Capitals that CLDR does not name are no part of it: they came to the facts after the lab models were trained.
    """
    later = {f"capital:{country}" for country in capitals()}
    chosen = {
        (question.fact_id, question.language): question
        for question in questions
        if question.relation in RELATIONS
        and question.language in LANGUAGES
        and question.fact_id.partition(":")[2] in countries
        and question.fact_id not in later
    }
    ids = {fact_id for fact_id, _ in chosen}
    missing = [f"{fact_id} in {tag}" for fact_id in sorted(ids) for tag in LANGUAGES if (fact_id, tag) not in chosen]
    if missing or not ids:
        what = f"missing: {', '.join(missing[:5])}" if missing else "there are none"
        raise IsoglossError(
            f"lab models need the facts of {', '.join(RELATIONS)} in {', '.join(LANGUAGES)}; {what}. "
            "Make them anew: python -m engine facts build"
        )
    return World(chosen)


def load_world() -> World:
    """The world of the embedded facts."""
    return make_world(load_questions([EMBEDDED], SOURCE, languages=LANGUAGES))
