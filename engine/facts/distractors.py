"""The options of a fact: its answer among wrong ones of the same relation, the same in every language."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.entity_names import Names
from engine.facts.fact import Fact

N_OPTIONS = 4


def choose_options(facts: Sequence[Fact], languages: Sequence[Names]) -> dict[str, tuple[str, ...]]:
    """For each fact's id the keys of its options, in an order that holds in every language.

    The wrong options are the answers of other facts of the relation, of the kind of the right one (where it has a name,
    they have one too), drawn by a hash of both facts' ids, so that an answer is offered as a wrong one about as often
    as it is right (else "euro" would give itself away). None of them is true, none is the subject, and no two options
    have the same name in any of the languages. The right option stands at each place equally often. A fact without
    four such options gets none.
    """
    alike: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        alike[fact.relation, fact.answer.partition(":")[0]].append(fact)
    options: dict[str, tuple[str, ...]] = {}
    for same in alike.values():
        drawn = {fact: _wrong_options(fact, same, languages) for fact in same}
        enough = [fact for fact, wrong in drawn.items() if len(wrong) == N_OPTIONS - 1]
        for place, fact in enumerate(sorted(enough, key=lambda fact: _draw(fact.fact_id))):
            place %= N_OPTIONS
            wrong = drawn[fact]
            options[fact.fact_id] = (*wrong[:place], fact.answer, *wrong[place:])
    return options


def distinct(names: Iterable[str]) -> bool:
    """Whether no two of the names are the same to a reader: capitals and compatibility forms aside."""
    seen = [unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()) for name in names]
    return len(set(seen)) == len(seen)


def _wrong_options(fact: Fact, same: Sequence[Fact], languages: Sequence[Names]) -> list[str]:
    wrong: list[str] = []
    for other in sorted(same, key=lambda other: _draw(fact.fact_id, other.fact_id)):
        if other.answer in {fact.answer, fact.subject, *fact.also_true, *wrong}:
            continue
        offered = (fact.answer, *wrong, other.answer)
        if all(_all_distinct(offered, names) for names in languages):
            wrong.append(other.answer)
        if len(wrong) == N_OPTIONS - 1:
            break
    return wrong


def _all_distinct(keys: Sequence[str], names: Names) -> bool:
    return all(key in names for key in keys) and distinct(names[key] for key in keys)


def _draw(*ids: str) -> bytes:
    return hashlib.sha256("\n".join(ids).encode()).digest()
