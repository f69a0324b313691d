"""What a name that people type may mean: CLDR's names, and short, former and official ones from common_names.toml."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from engine.entity_names import keys_called, names_in
from engine.probes.normalise import normalise

_FILE = Path(__file__).with_suffix(".toml")
NameByLanguage = Mapping[str, str]
Keys = Mapping[str, tuple[str, ...]]  # by name, in normal form


@cache
def common_names(tag: str) -> Mapping[str, tuple[str, ...]]:
    """The names of a language by key, those of CLDR aside."""
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {f"territory:{code}": tuple(names) for code, names in file.get(tag, {}).items()}


def keys_meant(name: str, tag: str) -> tuple[str, ...]:
    """The keys of the things that people who write a language call so, with an article before it or without."""
    plain = normalise(name, tag)
    named = keys_called(name, tag) or _of_cldr(tag).get(plain, ())
    return tuple(dict.fromkeys((*named, *_of_people(tag).get(plain, ()))))


def position_of(name: str, tag: str, among: Sequence[NameByLanguage]) -> int | None:
    """Which of several things is meant by a name; each of them is given by its names by language.

    The first of these that fits any: what it is called in the language; what the language calls so by CLDR and by
    common names; what it is called in any other language. None where none is meant, or several are.
    """
    wanted, keys = normalise(name, tag), keys_meant(name, tag)
    if not wanted:
        return None

    def in_the_language(names: NameByLanguage) -> bool:
        return tag in names and normalise(names[tag], tag) == wanted

    def by_its_key(names: NameByLanguage) -> bool:
        known = tag if tag in names else next(iter(names), tag)
        own = normalise(names.get(known, ""), known)
        return bool(own) and any(normalise(names_in(known).get(key, ""), known) == own for key in keys)

    def in_any_language(names: NameByLanguage) -> bool:
        return any(normalise(own, other) == wanted for other, own in names.items())

    tests: tuple[Callable[[NameByLanguage], bool], ...] = (in_the_language, by_its_key, in_any_language)
    for is_meant in tests:
        if found := [place for place, names in enumerate(among) if is_meant(names)]:
            return found[0] if all(among[place] == among[found[0]] for place in found) else None
    return None


@cache
def _of_people(tag: str) -> Keys:
    return _by_name(((name, key) for key, names in common_names(tag).items() for name in names), tag)


@cache
def _of_cldr(tag: str) -> Keys:
    return _by_name(((name, key) for key, name in names_in(tag).items()), tag)


def _by_name(names: Iterable[tuple[str, str]], tag: str) -> Keys:
    found: dict[str, list[str]] = defaultdict(list)
    for name, key in names:
        found[normalise(name, tag)].append(key)
    return {name: tuple(dict.fromkeys(keys)) for name, keys in found.items() if name}
