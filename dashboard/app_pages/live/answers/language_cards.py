"""What models answered to one fact, as safe HTML: a card for each language, with a bar for each option."""

from collections.abc import Mapping
from typing import Any

from dashboard.app_pages.live.answers.answer_sheet import Answer, Answers, Column, Shown, autonym, direction, verdict
from dashboard.elements.figures import letters
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.languages import language

LONGEST_ANSWER = 300  # characters shown of what a model said

_VERDICTS = {"right": "✓ right", "wrong": "✗ wrong", "said": "answered", "missing": "– not measured"}


def language_cards(shown: Shown) -> str:
    """All languages of a fact; those without an answer yet have empty bars."""
    cards = "".join(_card(shown, tag, texts) for tag, texts in shown.texts.items())
    wide = " iso-live-two" if len(shown.columns) > 1 else ""
    probes = visible(",".join(column.main.id or "" for column in shown.columns))
    return f'<div class="iso-live{wide}" data-probes="{probes}">{cards}</div>'


def _card(shown: Shown, tag: str, texts: Mapping[str, Any]) -> str:
    attributes = _of_language(tag)
    several = len(shown.columns) > 1
    heads = "".join(_head(column, tag, named=several) for column in shown.columns)
    question = f'<p class="iso-live-question" dir="auto"{attributes}>{visible(texts["question"])}</p>'
    options = texts.get("options") or ()
    body = _options(shown, tag, options) if options else ""
    said = "".join(_said(column, tag, is_open=not options, named=several) for column in shown.columns)
    notes = "".join(_notes(column, tag, named=several) for column in shown.columns)
    return (
        f'<section class="iso-live-card" data-language="{visible(tag)}">'
        f'<header><strong dir="auto"{attributes}>{visible(autonym(tag))}</strong>'
        f'<span class="iso-quiet">{visible(_name(tag))}</span></header>'
        f"{question}{body}{said}{heads}{notes}</section>"
    )


def _options(shown: Shown, tag: str, options: Any) -> str:
    rows = "".join(_option(shown, tag, index, text) for index, text in enumerate(options))
    models = "".join(f'<span dir="ltr">{visible(column.model)}</span>' for column in shown.columns)
    head = f'<li class="iso-live-models"><i></i><i></i>{models}</li>' if len(shown.columns) > 1 else ""
    return f'<ol class="iso-live-options" dir="{direction(tag)}">{head}{rows}</ol>'


def _option(shown: Shown, tag: str, index: int, text: str) -> str:
    gold = index in shown.gold
    mark = '<span class="iso-live-gold" title="the right option">✓</span>' if gold else ""
    bars = "".join(_bar(column.main.languages.get(tag), index, gold=gold) for column in shown.columns)
    return (
        f'<li><span class="iso-quiet" dir="ltr">{letters([index])}</span>'
        f'<span class="iso-live-option" dir="auto"{_of_language(tag)}>{visible(text)}{mark}</span>{bars}</li>'
    )


def _bar(answer: Answer | None, index: int, *, gold: bool) -> str:
    """How probable an option is; empty as long as there is no answer."""
    value = None
    if answer is not None and index < len(answer.get("options", ())):
        value = answer["options"][index].get("probability")
    if value is None:
        return '<span class="iso-live-bar" data-state="none"><i></i><b dir="ltr"></b></span>'
    picked = answer is not None and answer.get("predicted") == index
    state = ("right" if gold else "wrong") if picked else "other"
    said = f"{100 * value:.0f} %" if value >= 0.005 or value == 0 else "&lt;1 %"
    return (
        f'<span class="iso-live-bar" data-state="{state}" data-probability="{value!r}">'
        f'<i style="inline-size:{100 * value:.1f}%"></i><b dir="ltr">{said}</b></span>'
    )


def _head(column: Column, tag: str, *, named: bool) -> str:
    """Right or wrong, by how much, and what it took."""
    answer = column.main.languages.get(tag)
    model = f'<span dir="auto">{visible(column.model)}</span>' if named else ""
    if answer is None:
        waits = column.main.state in ("pending", "waiting", "running")
        return f'<footer>{model}<span class="iso-quiet">{"…" if waits else "– not asked"}</span></footer>'
    kind = verdict(answer)
    style = {"right": "iso-live-right", "wrong": "iso-live-wrong"}.get(kind, "iso-quiet")
    figures = [f"margin {answer['margin']:+.2f} nats".replace("-", "−")] if answer.get("margin") is not None else []
    if answer.get("tokens") is not None:
        figures.append(f"{answer['tokens']:,} tokens")
    if answer.get("seconds") is not None:
        figures.append(milliseconds(answer["seconds"]))
    quiet = f'<span class="iso-quiet">{visible(" · ".join(figures))}</span>' if figures else ""
    return f'<footer>{model}<span class="{style}">{_VERDICTS[kind]}</span>{quiet}</footer>'


def _said(column: Column, tag: str, *, is_open: bool, named: bool) -> str:
    """What the model says when it answers in its own words."""
    found = [column.main] if is_open else [column.free] if column.free else []
    return "".join(_said_by(answers, tag, named=named) for answers in found)


def _said_by(answers: Answers, tag: str, *, named: bool) -> str:
    answer = answers.languages.get(tag)
    text = None if answer is None else answer.get("text")
    if text is None:
        return ""
    kind = verdict(answer)
    mark = {"right": ' <span class="iso-live-right">✓</span>', "wrong": ' <span class="iso-live-wrong">✗</span>'}
    shown = visible(text.strip(), longest=LONGEST_ANSWER) or '<span class="iso-quiet">nothing</span>'
    who = f"{visible(answers.model)} says" if named else "says"
    return (
        f'<p class="iso-live-said"><span class="iso-quiet">{who}</span> <q dir="auto"{_of_language(tag)}>{shown}</q>'
        f"{mark.get(kind, '')}</p>"
    )


def _notes(column: Column, tag: str, *, named: bool) -> str:
    """Why there is no figure."""
    answers = [one for one in (column.main, column.free) if one is not None]
    reasons = [one.languages[tag]["error"] for one in answers if one.languages.get(tag, {}).get("error")]
    name = f"{column.model}: " if named else ""
    return "".join(f'<p class="iso-live-note" dir="auto">{visible(name + reason)}</p>' for reason in reasons)


def milliseconds(seconds: float) -> str:
    """A short time in a unit that suits it."""
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _of_language(tag: str) -> str:
    return f' lang="{visible(tag)}"'


def _name(tag: str) -> str:
    try:
        return language(tag).name
    except IsoglossError:
        return ""
