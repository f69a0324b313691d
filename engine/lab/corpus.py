"""The training text of a lab model: lines drawn from a recipe, the facts and a seed, and from nothing else."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.facts.reword import reword
from engine.lab.exposure import Exposure
from engine.lab.recipe import LANGUAGES, LineForm, Recipe
from engine.lab.world import World
from engine.languages import language as language_of
from engine.probes.cloze import ClozeProbe
from engine.probes.template_file import find_template

# The forms that a relation has beyond these are held out: models are asked in them but never taught.
FORMS: Mapping[LineForm, Sequence[str]] = {
    "fact": ("statement-1", "statement-2", "question-1"),
    "question": ("question-1", "question-2"),
}
_WORDING: Mapping[LineForm, str] = {"fact": "bare", "question": "plain"}
_MAY_DIFFER = 0.5  # how often a switched line's subject, and its answer, leave the language of the sentence


@dataclass(frozen=True)
class Line:
    """A line of training text. What is learnt is the continuation, given the context."""

    context: str
    continuation: str
    fact_id: str | None = None  # None: it states no fact
    languages: tuple[str, ...] = ()  # of the sentence, the subject's name and the answer's; or of a dictionary's pair

    @property
    def text(self) -> str:
        """The line as a whole."""
        return self.context + self.continuation


@dataclass(frozen=True)
class Corpus:
    """Draws lines. The same recipe, world and seed give the same lines on every machine."""

    recipe: Recipe
    world: World
    exposure: Exposure
    seed: int

    def lines(self) -> list[Line]:
        """All lines in the order of training: `batch` for each step."""
        chance = random.Random(f"{self.seed} {self.recipe.name}")
        known: dict[tuple[str, ...], Line] = {}
        tags = [tag for tag in self.recipe.lines if self._stated[tag]]  # of few facts, a small share may be none
        weights = [self.recipe.lines[tag] for tag in tags]
        drawn = []
        for _ in range(self.recipe.steps * self.recipe.batch):
            if chance.random() < self.recipe.dictionary:
                drawn.append(chance.choice(self._dictionary))
                continue
            (language,) = chance.choices(tags, weights)
            fact_id = chance.choice(self._stated[language])
            form = chance.choice(FORMS[self.recipe.form])
            subject = answer = language
            if chance.random() < self.recipe.switched:
                subject, answer = self._switch(chance, fact_id, language), self._switch(chance, fact_id, language)
            key = (fact_id, form, language, subject, answer)
            if key not in known:
                known[key] = self._line(fact_id, form, language, subject, answer)
            drawn.append(known[key])
        return drawn

    def _switch(self, chance: random.Random, fact_id: str, language: str) -> str:
        """The language of a name in a switched line: strictly one in which the fact is stated."""
        return chance.choice(self._languages[fact_id]) if chance.random() < _MAY_DIFFER else language

    def _line(self, fact_id: str, form: str, language: str, subject: str, answer: str) -> Line:
        """A fact as the cloze probe asks it, with the right option."""
        question = reword(self.world.in_words_of(fact_id, language, subject=subject, answer=answer), form)
        (prompt,) = self._probe.prompts(question)
        return Line(prompt.context, prompt.continuations[question.gold[0]], fact_id, (language, subject, answer))

    @cached_property
    def _probe(self) -> ClozeProbe:
        return ClozeProbe(words=find_template("cloze", _WORDING[self.recipe.form]))

    @cached_property
    def _stated(self) -> Mapping[str, Sequence[str]]:
        return {language: sorted(facts) for language, facts in self.exposure.stated.items()}

    @cached_property
    def _languages(self) -> Mapping[str, Sequence[str]]:
        return {fact: self.exposure.languages(fact) for facts in self.world.facts.values() for fact in facts}

    @cached_property
    def _dictionary(self) -> Sequence[Line]:
        """Every name in English and in another language, both ways; a name alone states no fact."""
        english = self.world.names("en")
        lines: dict[Line, None] = {}
        for tag in LANGUAGES:
            for key, name in self.world.names(tag).items():
                if name != english[key]:
                    for source, target, pair in ((english[key], name, ("en", tag)), (name, english[key], (tag, "en"))):
                        line = Line(f"{source} ({language_of(pair[1]).autonym}):", f" {target}", None, pair)
                        lines[line] = None
        return list(lines)


def times_stated(lines: Sequence[Line]) -> Mapping[tuple[str, str], int]:
    """How often each fact is stated in each language: that of the sentence, whatever language its names are from."""
    return Counter((line.fact_id, line.languages[0]) for line in lines if line.fact_id is not None)
