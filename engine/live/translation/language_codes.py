"""What a translation model calls its languages: pol_Latn (NLLB), pl_PL (mBART), __pl__ (M2M100), <2pl> (MADLAD), …"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import langcodes
import orjson

from engine.errors import IsoglossError
from engine.languages import parse_language

Style = Literal["code", "prefix"]  # set at the tokenizer and forced as the first token, or written before the text

# Tokens that can be languages: the code stands in the group.
_STYLES: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("code", re.compile(r"([a-z]{3}_[A-Z][a-z]{3})")),
    ("code", re.compile(r"([a-z]{2,3})_(?:[A-Z]{2})")),
    ("code", re.compile(r"__([a-z]{2,3})__")),
    ("prefix", re.compile(r"<2([a-z]{2,3}(?:_[A-Z][a-z]{3})?)>")),
    ("prefix", re.compile(r">>([a-z]{2,3}(?:_[A-Z][a-z]{3})?)<<")),
)
_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json")
_FEWEST = 2  # languages that a style must have to be the model's
_NEAR = 9  # langcodes' distance: nb for no, but not zh for zh-TW, nor one script for another


class LanguageToken(NamedTuple):
    """The token that stands for a language."""

    token: str
    style: Style


def language_tokens(tokens: Iterable[str]) -> Mapping[str, LanguageToken]:
    """The token of each language by its BCP 47 tag; empty: the model does not choose among languages."""
    every = sorted(tokens)
    for style, pattern in _STYLES:
        found: dict[str, LanguageToken] = {}
        for token in every:
            if match := pattern.fullmatch(token):
                try:
                    found.setdefault(parse_language(match[1]), LanguageToken(token, style))
                except IsoglossError:  # a tag of the model's that is no language, e.g. a domain
                    continue
        if len(found) >= _FEWEST:
            return found
    return {}


def folder_languages(folder: Path) -> list[str]:
    """The BCP 47 tags of the languages that a model's tokenizer has tokens for, read from its files alone.

    Raises IsoglossError where none is found.
    """
    tokens: set[str] = set()
    for name in _FILES:
        try:
            tokens |= set(_strings(orjson.loads((folder / name).read_bytes())))
        except FileNotFoundError:
            continue
        except (OSError, RecursionError, orjson.JSONDecodeError) as error:
            raise IsoglossError(f"{folder / name} cannot be read: {error}; get the file again") from error
    if not (found := language_tokens(tokens)):
        raise IsoglossError(
            f"{folder}: its tokenizer has no tokens for languages; give a model like NLLB-200, M2M100 or MADLAD-400"
        )
    return sorted(found)


def _strings(value: Any) -> Iterator[str]:
    """Every text of a JSON value, and the keys of its objects: some of them are tokens."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def token_of(tag: str, known: Mapping[str, LanguageToken]) -> LanguageToken:
    """The token of a language, or of one that is nearly the same. Raises IsoglossError that lists those there are."""
    nearest = tag if tag in known else langcodes.closest_match(tag, list(known), max_distance=_NEAR)[0]
    if nearest not in known:
        raise IsoglossError(f"the translation model does not know {tag}; it knows {', '.join(sorted(known))}")
    return known[nearest]
