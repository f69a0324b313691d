"""A fact in a list, as safe HTML: its question, its right option, and what was answered instead."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.elements.fact_table import ListedFact, fact_table
from dashboard.elements.figures import counted, letters
from dashboard.elements.visible_text import visible
from engine.browse.queries import Row
from engine.languages import language

LONGEST_QUESTION = 240


def pair_card(fact: Row, *, a: str, b: str, names: Mapping[str, str]) -> str:
    """A fact of a language pair: the question in both, the right option, and what was answered in each."""
    questions = _question(fact["question_a"], a) + _question(fact["question_b"], b)
    answers = [f"right: {_option(several(fact['gold']), fact['options_a'])}"]
    for tag, side in ((a, "a"), (b, "b")):
        answers.append(
            f"{names[tag]}: {_said(fact[f'predicted_{side}'], several(fact['gold']), fact[f'options_{side}'])}"
        )
    return _card(questions, answers)


def found_card(fact: Row, *, names: Mapping[str, str]) -> str:
    """A fact that a search found: the question, the right option, and in how many languages the model knows it."""
    answers = [f"right: {_option(several(fact['gold']), fact['options'])}"]
    if isinstance(fact["relation"], str):
        answers.append(str(fact["relation"]))
    if pd.notna(fact["n_right"]):
        answers.append(f"known in {int(fact['n_right'])} of {counted(fact['n'], 'language')}")
        answers += [f"✓ {name}" for tag, name in names.items() if tag in several(fact["right_in"])]
        answers += [f"✗ {name}" for tag, name in names.items() if tag in several(fact["wrong_in"])]
    else:
        answers.append("not measured")
    return _card(_question(fact["question"], str(fact["language"])), answers)


def fact_rows(rows: pd.DataFrame, *, gold: Sequence[int], names: Mapping[str, str], model: str | None) -> str:
    """A fact with its languages as rows. `rows`: those of engine/browse/fact.sql, by language."""
    return fact_table(
        [
            ListedFact(
                language=str(tag),
                name=names[str(tag)],
                direction=language(str(tag)).direction,
                question=_text(row["question"]) or "–",
                options=several(row["options"]),
                gold=gold,
                merged=several(row["merged_options"]),
                predicted=None if pd.isna(row["predicted"]) else int(row["predicted"]),
                said=_text(row["text"]),
                correct=None if pd.isna(row["correct"]) else bool(row["correct"]),
                reason=_text(row["error"]) or "no answer in the store",
                share_right=row["n_models_right"] / row["n_models"] if row["n_models"] > 0 else None,
                n_models=int(row["n_models"]) if row["n_models"] > 0 else None,
            )
            for tag, row in rows.iterrows()
        ],
        model=model,
    )


def _card(questions: str, answers: Sequence[str]) -> str:
    spans = "".join(f'<span dir="auto">{visible(answer, longest=LONGEST_QUESTION)}</span>' for answer in answers)
    return f'<div class="iso-card">{questions}<div class="iso-answers">{spans}</div></div>'


def _question(text: object, tag: str) -> str:
    shown = visible(_text(text) or "–", longest=LONGEST_QUESTION)
    return f'<p dir="auto" lang="{html.escape(tag)}">{shown}</p>'


def _option(indices: Sequence[int], options: object) -> str:
    """A letter with the option's text, e.g. `B. Berlin`."""
    texts = several(options)
    if not indices:
        return "–"
    index = indices[0]
    return f"{letters(indices)}. {texts[index]}" if index < len(texts) else letters(indices)


def _said(predicted: float, gold: Sequence[int], options: object) -> str:
    if pd.isna(predicted):
        return "✗ no option could be read"
    return f"{'✓' if predicted in gold else '✗'} {_option([int(predicted)], options)}"


def several(cell: Any) -> list[Any]:
    """The members of a list in a cell; none of a missing one."""
    return [] if cell is None or pd.api.types.is_scalar(cell) else list(cell)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
