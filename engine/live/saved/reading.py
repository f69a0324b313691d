"""The live probes that were kept, as the pages read them: from the store alone, whether the service runs or not.

Imports nothing of models and probes.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.live.protocol.option_scores import deciding, shown_options
from engine.live.refusals import NoSuchProbe
from engine.live.saved.tables import DATASET, LiveRows, Pair, read_rows

LIVE = "live"  # the folder inside the user's store: a store of its own, so that a probe does not reload the other one
LONGEST_NAME = 200  # characters of a name that a user gives
_KEPT = re.compile(rf"{DATASET}-(?P<fact_id>[0-9a-f]{{16}})-(?P<way>[0-9a-f]{{12}})", re.ASCII)

_TEXTS = ("question", "options", "subject", "answers")

Row = dict[str, Any]


def live_store(store: Path) -> Path:
    """Where live probes are kept."""
    return store / LIVE


def kept_id(run_id: str, fact_id: str) -> str:
    """What a probe is called in links."""
    return f"{DATASET}-{fact_id}-{run_id.removeprefix(f'{DATASET}-')}"


def find_pair(rows: LiveRows, kept: str) -> Pair:
    """Run and fact of a probe. Raises NoSuchProbe."""
    named = _KEPT.fullmatch(kept)
    pair = (f"{DATASET}-{named['way']}", named["fact_id"]) if named else ("", "")
    if pair not in rows.pairs:
        raise NoSuchProbe("there is no such probe in the store; it may have been deleted")
    return pair


def kept_probes(folder: Path) -> list[Row]:
    """Every probe that is kept, the newest first, without its answers. Raises IsoglossError for a damaged file."""
    rows = read_rows(folder, DATASET)
    facts, results = _by_pair(rows)
    found = [_summary(rows, pair, facts[pair[1]], results[pair]) for pair in rows.pairs]
    return sorted(found, key=lambda one: (one["finished"], one["kept"]), reverse=True)


def kept_probe(folder: Path, kept: str) -> Row:
    """One of them: its fact as the service takes it, and its answers as the service told them.

    Raises IsoglossError for a damaged file, NoSuchProbe.
    """
    rows = read_rows(folder, DATASET)
    pair = find_pair(rows, kept)
    facts, results = _by_pair(rows.only([pair]))
    texts, answers = facts[pair[1]], results[pair]
    summary = _summary(rows, pair, texts, answers)
    first = next(iter(texts.values()))
    fact = {
        "relation": first["relation"],
        "texts": {tag: {name: row[name] for name in _TEXTS} for tag, row in texts.items()},
        "gold": first["gold"],
    }
    choose_by = summary["asking"].get("choose_by")
    prompts = rows.runs[pair[0]]["settings"]["probes"][pair[1]].get("prompts", {})
    probe = {
        "id": None,
        "model": summary["model"],
        "state": "done",
        "note": None,
        "position": None,
        "expected_seconds": None,
        "seconds": None,
        "fact_id": summary["fact_id"],
        "template": summary["template"],
        "kept": kept,
        "keep_problem": None,
        "total": len(answers),
        "languages": {tag: _answer(texts[tag], row, choose_by, prompts.get(tag, [])) for tag, row in answers.items()},
    }
    return summary | {"fact": fact, "probe_json": probe}


def _by_pair(rows: LiveRows) -> tuple[dict[str, dict[str, Row]], dict[Pair, dict[str, Row]]]:
    """Texts by fact and language, and answers by probe and language."""
    facts: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows.facts.to_pylist():
        facts[row["fact_id"]][row["language"]] = row
    results: dict[Pair, dict[str, Row]] = defaultdict(dict)
    for row in rows.results.to_pylist():
        results[row["run_id"], row["fact_id"]][row["language"]] = row
    return facts, results


def _summary(rows: LiveRows, pair: Pair, texts: Mapping[str, Row], answers: Mapping[str, Row]) -> Row:
    run_id, fact_id = pair
    run = rows.runs[run_id]
    probe = run["settings"]["probes"][fact_id]
    text = texts.get("en") or next(iter(texts.values()))
    named = [part for part in (text["relation"], text["subject"]) if part]
    judged = [row["correct"] for row in answers.values() if row["correct"] is not None]
    return {
        "kept": kept_id(run_id, fact_id),
        "name": probe["name"],
        "fact_id": fact_id,
        "run_id": run_id,
        "model": run["model"],
        "probe": run["probe"],
        "template": run["template"],
        "asking": run["settings"]["settings"],
        "title": " · ".join(named) if text["subject"] else text["question"],
        "languages": list(answers),
        "n_right": sum(judged) if judged else None,
        "n_judged": len(judged),
        "n_asked": len(answers),
        "started": probe["started"],
        "finished": probe["finished"],
    }


def _answer(text: Row, row: Row, choose_by: str | None, prompts: list[str]) -> Row:
    scores = deciding(
        row["option_logprobs"],
        choose_by=choose_by,
        texts=text["options"],
        bytes=row["option_bytes"],
        tokens=row["option_tokens"],
        alone=row["option_unconditional"],
    )
    found = shown_options(text["options"], text["gold"], row["option_logprobs"], scores, merged=row["merged_options"])
    found |= {
        "predicted": row["predicted"],
        "correct": row["correct"],
        "prompts": prompts,
        "tokens": None,
        "seconds": None,
    }
    for name in ("text", "error"):
        if row[name] is not None:
            found[name] = row[name]
    if row["order_choices"] is not None and len(row["order_choices"]) > 1:
        found |= {"order_choices": row["order_choices"], "letter_logprobs": row["letter_logprobs"] or []}
    return found
