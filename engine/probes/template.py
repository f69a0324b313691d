"""Prompt templates: the words around a fact, per language. They are data; see templates/*.toml and template_file.py."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from string import ascii_uppercase

from engine.facts.question import Question
from engine.languages import language
from engine.schema import ProbeName

FALLBACK = "und"  # BCP 47 for "undetermined": words that belong to no language
LETTERS = ascii_uppercase
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, in one pass: what is put in is never looked at again."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)


@dataclass(frozen=True)
class Wording:
    """How one language asks. What follows the text (a letter, an option, an answer) is joined to it by `separator`."""

    text: str  # {question}, and {options} where the options are listed
    separator: str = " "
    instruction: str = ""  # stands once, above everything
    option: str = "{letter}. {option}"  # one listed option
    option_separator: str = "\n"
    statement: str = "{beginning}"  # cloze, for a fact with a blank: {beginning} is what stands before the blank


@dataclass(frozen=True)
class Example:
    """A question with its answer, shown before the one that is asked; the options hold the answer, or are empty."""

    question: str
    answer: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A named way of wording prompts in every language."""

    probe: ProbeName
    name: str
    version: int
    wordings: Mapping[str, Wording] = field(hash=False)  # by language tag; FALLBACK is there unless `frame_language` is
    examples: Mapping[str, tuple[Example, ...]] = field(default_factory=dict, hash=False)  # FALLBACK is there if any is
    frame_language: str = ""  # not empty: this language's words whatever the fact's language
    between: str = "\n\n"  # joins instruction, examples and question
    stop: tuple[str, ...] = ()  # generation: what ends the answer
    scorer: str = ""  # generation: how the answer is read unless another scorer is asked for

    @property
    def digest(self) -> str:
        """SHA-256 of everything that it says: two templates of one name that word prompts differently differ here."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def most_shots(self) -> int:
        """How many examples every language has."""
        return min((len(examples) for examples in self.examples.values()), default=0)

    @property
    def lists_options(self) -> bool:
        """Whether the options stand in the prompt."""
        return all("options" in PLACEHOLDER.findall(wording.text) for wording in self.wordings.values())

    def wording_language(self, tag: str) -> str:
        """Whose words ask a fact of this language: its own, else its language's in the same script, else FALLBACK."""
        return self.frame_language or _nearest(tag, self.wordings)

    def header(self, wording_language: str, tag: str, shots: int) -> str:
        """Instruction and examples, up to where the question begins; the same for all facts of a language."""
        wording = self.wordings[wording_language]
        examples = self.examples[_nearest(self.frame_language or tag, self.examples)] if shots else ()
        parts = [wording.instruction] if wording.instruction else []
        for example in examples[:shots]:
            listed = listing(wording, example.options) if self.lists_options else ""
            answer = LETTERS[example.options.index(example.answer)] if self.lists_options else example.answer
            asked = fill(wording.text, {"question": example.question, "options": listed})
            parts.append(asked + wording.separator + answer)
        return "".join(part + self.between for part in parts)


def listing(wording: Wording, options: tuple[str, ...]) -> str:
    """The options as they are listed, each after its letter."""
    lettered = zip(LETTERS, options, strict=False)
    return wording.option_separator.join(fill(wording.option, {"letter": a, "option": o}) for a, o in lettered)


def ask(wording: Wording, question: Question, options: tuple[str, ...]) -> str:
    """The question in these words, with the options listed in the order given."""
    return fill(wording.text, {"question": question.text, "options": listing(wording, options)})


def _nearest(tag: str, known: Mapping[str, object]) -> str:
    if tag in known:
        return tag
    broader = tag.partition("-")[0]
    if broader != tag and broader in known and language(broader).script == language(tag).script:
        return broader
    return FALLBACK
