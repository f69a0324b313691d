"""Saved probes as the pages read them: from the store alone, whether the service runs or not.

Imports nothing of models and probes.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import IsoglossError
from engine.live.protocol.fact_text import FactInLanguage, FactText
from engine.live.protocol.message import faults
from engine.live.protocol.messages import LanguageAnswer, SavedProbe, SavedSummary
from engine.live.protocol.option_scores import MEASURED, language_answer
from engine.live.refusals import NoSuchProbe
from engine.live.saved.tables import DATASET, Pair, SavedTables, read_tables

LIVE = "live"  # the folder inside the user's store: a store of its own, so that a probe does not reload the other one
LONGEST_NAME = 200  # characters of a name that a user gives
_SAVED_ID = re.compile(rf"{DATASET}-(?P<fact_id>[0-9a-f]{{16}})-(?P<way>[0-9a-f]{{12}})", re.ASCII)
_TEXTS = ("question", "options", "subject", "answers")

_Row = dict[str, Any]


def live_store(store: Path) -> Path:
    """The store of live probes, inside the user's."""
    return store / LIVE


def saved_id(run_id: str, fact_id: str) -> str:
    """What a saved probe is called in links."""
    return f"{DATASET}-{fact_id}-{run_id.removeprefix(f'{DATASET}-')}"


def find_pair(rows: SavedTables, saved_id: str) -> Pair:
    """Run and fact of a probe. Raises NoSuchProbe."""
    named = _SAVED_ID.fullmatch(saved_id)
    pair = (f"{DATASET}-{named['way']}", named["fact_id"]) if named else ("", "")
    if pair not in rows.pairs:
        raise NoSuchProbe("there is no such probe in the store; it may have been deleted")
    return pair


def saved_probes(folder: Path) -> list[SavedSummary]:
    """Every saved probe, the newest first, without its answers. Raises IsoglossError for a damaged file."""
    rows = read_tables(folder, DATASET)
    facts, results = _by_pair(rows)
    found = [_summary(rows, pair, facts[pair[1]], results[pair]) for pair in rows.pairs]
    return sorted(found, key=lambda summary: (summary.finished, summary.saved_id), reverse=True)


def saved_probe(folder: Path, saved_id: str) -> SavedProbe:
    """One of them: its fact as it can be asked again, and its answers as the service told them, but for their seconds
    and counts of tokens.

    Raises IsoglossError for a damaged file, NoSuchProbe.
    """
    rows = read_tables(folder, DATASET)
    pair = find_pair(rows, saved_id)
    facts, results = _by_pair(rows.only([pair]))
    texts, answers = facts[pair[1]], results[pair]
    first = next(iter(texts.values()))
    settings = rows.runs[pair[0]]["settings"]
    prompts = settings["probes"][pair[1]].get("prompts", {})
    choose_by = settings["settings"].get("choose_by")
    try:
        return SavedProbe(
            summary=_summary(rows, pair, texts, answers),
            fact=FactText(
                relation=first["relation"],
                texts={tag: FactInLanguage(**{name: row[name] for name in _TEXTS}) for tag, row in texts.items()},
                gold=first["gold"],
            ),
            languages={tag: _answer(texts[tag], row, choose_by, prompts.get(tag, ())) for tag, row in answers.items()},
        )
    except ValidationError as error:
        raise _unreadable(saved_id, error) from error


def _by_pair(rows: SavedTables) -> tuple[dict[str, dict[str, _Row]], dict[Pair, dict[str, _Row]]]:
    """Texts by fact and language, and answers by probe and language."""
    facts: dict[str, dict[str, _Row]] = defaultdict(dict)
    for row in rows.facts.to_pylist():
        facts[row["fact_id"]][row["language"]] = row
    results: dict[Pair, dict[str, _Row]] = defaultdict(dict)
    for row in rows.results.to_pylist():
        results[row["run_id"], row["fact_id"]][row["language"]] = row
    return facts, results


def _summary(rows: SavedTables, pair: Pair, texts: Mapping[str, _Row], answers: Mapping[str, _Row]) -> SavedSummary:
    run_id, fact_id = pair
    run = rows.runs[run_id]
    probe = run["settings"]["probes"][fact_id]
    text = texts.get("en") or next(iter(texts.values()))
    named = [part for part in (text["relation"], text["subject"]) if part]
    judged = [row["correct"] for row in answers.values() if row["correct"] is not None]
    try:
        return SavedSummary(
            saved_id=saved_id(run_id, fact_id),
            name=probe["name"],
            fact_id=fact_id,
            run_id=run_id,
            model=run["model"],
            probe=run["probe"],
            template=run["template"],
            asking=run["settings"]["settings"],
            title=" · ".join(named) if text["subject"] else text["question"],
            languages=tuple(answers),
            n_right=sum(judged) if judged else None,
            n_judged=len(judged),
            started=probe["started"],
            finished=probe["finished"],
        )
    except ValidationError as error:
        raise _unreadable(saved_id(run_id, fact_id), error) from error


def _answer(text: _Row, row: _Row, choose_by: str | None, prompts: list[str]) -> LanguageAnswer:
    measured = {name: row[name] for name in MEASURED}
    return language_answer(options=text["options"], gold=text["gold"], choose_by=choose_by, prompts=prompts, **measured)


def _unreadable(saved_id: str, error: ValidationError) -> IsoglossError:
    return IsoglossError(f"the saved probe {saved_id} cannot be read: {faults(error)}; probe the fact again")
