"""The answers of models to one fact, as safe HTML: a card for each language, with a bar for each option."""

from collections.abc import Sequence

from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, AnswersInOneWay, ModelAnswers, direction, verdict
from dashboard.elements.figures import letters
from dashboard.elements.language_names import autonym
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.languages import language
from engine.live.protocol.fact_text import FactInLanguage
from engine.live.protocol.messages import LanguageAnswer

LONGEST_ANSWER = 300  # characters shown of what a model said

_VERDICTS = {"right": "✓ right", "wrong": "✗ wrong", "unjudged": "answered", "missing": "– not measured"}


def language_cards(sheet: AnswerSheet) -> str:
    """All languages of a fact; those without an answer yet have empty bars."""
    cards = "".join(_card(sheet, tag, texts) for tag, texts in sheet.texts.items())
    wide = " iso-live-two" if len(sheet.models) > 1 else ""
    probes = visible(",".join(model.main.id or "" for model in sheet.models))
    return f'<div class="iso-live{wide}" data-probes="{probes}">{cards}</div>'


def _card(sheet: AnswerSheet, tag: str, texts: FactInLanguage) -> str:
    attributes = _of_language(tag)
    several = len(sheet.models) > 1
    heads = "".join(_head(model, tag, named=several) for model in sheet.models)
    question = f'<p class="iso-live-question" dir="auto"{attributes}>{visible(texts.question)}</p>'
    body = _options(sheet, tag, texts.options) if texts.options else ""
    free = "".join(_free_answer(model, tag, is_open=not texts.options, named=several) for model in sheet.models)
    notes = "".join(_notes(model, tag, named=several) for model in sheet.models)
    return (
        f'<section class="iso-live-card" data-language="{visible(tag)}">'
        f'<header><strong dir="auto"{attributes}>{visible(autonym(tag))}</strong>'
        f'<span class="iso-quiet">{visible(_name(tag))}</span></header>'
        f"{question}{body}{free}{heads}{notes}</section>"
    )


def _options(sheet: AnswerSheet, tag: str, options: Sequence[str]) -> str:
    rows = "".join(_option(sheet, tag, index, text) for index, text in enumerate(options))
    models = "".join(f'<span dir="ltr">{visible(model.name)}</span>' for model in sheet.models)
    head = f'<li class="iso-live-models"><i></i><i></i>{models}</li>' if len(sheet.models) > 1 else ""
    return f'<ol class="iso-live-options" dir="{direction(tag)}">{head}{rows}</ol>'


def _option(sheet: AnswerSheet, tag: str, index: int, text: str) -> str:
    gold = index in sheet.gold
    mark = '<span class="iso-live-gold" title="the right option">✓</span>' if gold else ""
    bars = "".join(_bar(model.main.languages.get(tag), index, gold=gold) for model in sheet.models)
    return (
        f'<li><span class="iso-quiet" dir="ltr">{letters([index])}</span>'
        f'<span class="iso-live-option" dir="auto"{_of_language(tag)}>{visible(text)}{mark}</span>{bars}</li>'
    )


def _bar(answer: LanguageAnswer | None, index: int, *, gold: bool) -> str:
    """How probable an option is; empty as long as there is no answer."""
    value = None
    if answer is not None and index < len(answer.options):
        value = answer.options[index].probability
    if value is None:
        return '<span class="iso-live-bar" data-state="none"><i></i><b dir="ltr"></b></span>'
    picked = answer is not None and answer.predicted == index
    state = ("right" if gold else "wrong") if picked else "other"
    share = f"{100 * value:.0f} %" if value >= 0.005 or value == 0 else "&lt;1 %"
    return (
        f'<span class="iso-live-bar" data-state="{state}" data-probability="{value!r}">'
        f'<i style="inline-size:{100 * value:.1f}%"></i><b dir="ltr">{share}</b></span>'
    )


def _head(model: ModelAnswers, tag: str, *, named: bool) -> str:
    """Right or wrong, by how much, and what it took."""
    answer = model.main.languages.get(tag)
    name = f'<span dir="auto">{visible(model.name)}</span>' if named else ""
    if answer is None:
        waits = model.main.state in ("pending", "waiting", "running")
        return f'<footer>{name}<span class="iso-quiet">{"…" if waits else "– not asked"}</span></footer>'
    kind = verdict(answer)
    style = {"right": "iso-live-right", "wrong": "iso-live-wrong"}.get(kind, "iso-quiet")
    figures = [f"margin {answer.margin:+.2f} nats".replace("-", "−")] if answer.margin is not None else []
    if answer.tokens is not None:
        figures.append(f"{answer.tokens:,} tokens")
    if answer.seconds is not None:
        figures.append(milliseconds(answer.seconds))
    quiet = f'<span class="iso-quiet">{visible(" · ".join(figures))}</span>' if figures else ""
    return f'<footer>{name}<span class="{style}">{_VERDICTS[kind]}</span>{quiet}</footer>'


def _free_answer(model: ModelAnswers, tag: str, *, is_open: bool, named: bool) -> str:
    """What the model says when it answers in its own words."""
    ways = [model.main] if is_open else [model.free] if model.free else []
    return "".join(_written_by(answers, tag, named=named) for answers in ways)


def _written_by(answers: AnswersInOneWay, tag: str, *, named: bool) -> str:
    answer = answers.languages.get(tag)
    if answer is None or answer.text is None:
        return ""
    kind = verdict(answer)
    mark = {"right": ' <span class="iso-live-right">✓</span>', "wrong": ' <span class="iso-live-wrong">✗</span>'}
    quoted = visible(answer.text.strip(), longest=LONGEST_ANSWER) or '<span class="iso-quiet">nothing</span>'
    who = f"{visible(answers.model)} says" if named else "says"
    return (
        f'<p class="iso-live-said"><span class="iso-quiet">{who}</span> <q dir="auto"{_of_language(tag)}>{quoted}</q>'
        f"{mark.get(kind, '')}</p>"
    )


def _notes(model: ModelAnswers, tag: str, *, named: bool) -> str:
    """Why there is no figure."""
    answers = [ways.languages.get(tag) for ways in (model.main, model.free) if ways is not None]
    reasons = [answer.error for answer in answers if answer is not None and answer.error]
    name = f"{model.name}: " if named else ""
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
