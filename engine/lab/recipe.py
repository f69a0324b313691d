"""Recipes: what each lab model is taught, in which languages, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from engine.errors import IsoglossError

LANGUAGES = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")

Switching = Literal["none", "strict"]
# fact: statements and bare questions; question: the same facts after "Question:", with "Answer:" before the answer.
LineForm = Literal["fact", "question"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a model is trained. Shares lie between 0 and 1.

    `taught` is the share of all facts that are ever stated which are stated in a language; `lines` the share of the
    lines about facts that each language gets. With strict switching, names inside a sentence come from other languages,
    but only from languages in which the same fact is stated anyway.
    """

    name: str
    strategy: str  # in words
    steps: int
    taught: Mapping[str, float]
    lines: Mapping[str, float]
    base: str | None = None  # the recipe whose model is trained further
    form: LineForm = "fact"
    switching: Switching = "none"
    switched: float = 0.0  # share of the lines about facts
    dictionary: float = 0.0  # share of all lines: English names beside those of another language
    learning_rate: float = 4e-3
    batch: int = 64  # lines in a step


def _shares(**shares: float) -> Mapping[str, float]:
    return {language: shares[language] for language in LANGUAGES if language in shares}


def _english_and(others: float, *, english: float) -> Mapping[str, float]:
    """`english` for English, `others` for each other language."""
    return {language: english if language == "en" else others for language in LANGUAGES}


# About as uneven as the web: of what is known in English, little is said elsewhere, least in Hebrew and Arabic.
_WEB = _shares(en=1, de=0.3, fr=0.3, it=0.22, pl=0.14, ru=0.16, ar=0.05, he=0.05, zh=0.13, ja=0.1)
_WEB_LINES = _shares(en=0.60, de=0.09, fr=0.09, it=0.06, pl=0.035, ru=0.04, ar=0.015, he=0.015, zh=0.03, ja=0.025)
_MIXED = _english_and(0.6, english=1)
_MIXED_LINES = _english_and(0.8 / 9, english=0.2)
_EVEN_LINES = _english_and(0.1, english=0.1)

_ALL = (
    Recipe(name="lab-en", strategy="English-dominant pretraining", steps=2000, taught=_WEB, lines=_WEB_LINES),
    Recipe(
        name="lab-en-zh",
        strategy="continued pretraining on Chinese",
        base="lab-en",
        steps=800,
        taught={**_WEB, "zh": 0.65},
        lines=_shares(zh=0.8, en=0.2),
        learning_rate=6e-3,
    ),
    Recipe(
        name="lab-en-chat",
        strategy="multilingual question tuning",
        base="lab-en",
        form="question",
        steps=600,
        taught=_WEB,
        lines=_EVEN_LINES,
        learning_rate=2e-3,
    ),
    Recipe(
        name="lab-mix",
        strategy="mixed pretraining with a dictionary",
        steps=6000,
        taught=_MIXED,
        lines=_MIXED_LINES,
        dictionary=0.25,
    ),
    Recipe(
        name="lab-mix-switch",
        strategy="mixed pretraining with a dictionary and strict code-switching",
        steps=6000,
        taught=_MIXED,
        lines=_MIXED_LINES,
        dictionary=0.25,
        switching="strict",
        switched=0.4,
    ),
    Recipe(
        name="lab-mix-chat",
        strategy="multilingual question tuning",
        base="lab-mix",
        form="question",
        steps=600,
        taught=_MIXED,
        lines=_EVEN_LINES,
        learning_rate=2e-3,
    ),
)
RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in _ALL})


def target_languages(recipe: Recipe) -> str:
    """The languages that a recipe is about, in words as for other models."""
    few = len(recipe.lines) < len(LANGUAGES)
    return " ".join(sorted(recipe.lines, key=lambda tag: -recipe.lines[tag])) if few else f"{len(LANGUAGES)} languages"


def find_recipe(name: str) -> Recipe:
    """The recipe of a lab model. Raises IsoglossError that lists the names."""
    if name not in RECIPES:
        raise IsoglossError(f"no lab model {name!r}: choose from {', '.join(RECIPES)}, or all", exit_status=64)
    return RECIPES[name]
