"""How sure a model is: what it answers when the same fact is put in other words or orders, as a safe HTML table."""

from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, ModelAnswers, probability, verdict
from dashboard.app_pages.live.answers.sentences import same_answers
from dashboard.elements.figures import letters, percent
from dashboard.elements.language_names import autonym
from dashboard.elements.visible_text import visible
from engine.live.protocol.messages import LanguageAnswer

_MARKS = {"right": "✓", "wrong": "✗", "unjudged": "", "missing": ""}


def robustness_table(sheet: AnswerSheet, model: ModelAnswers) -> str:
    """A row for each language, a column for each way of asking, and how many ways give the first one's answer."""
    heads = "".join(f'<th scope="col">{visible(way.title)}</th>' for way in model.every)
    rows = "".join(_row(model, tag) for tag in sheet.texts)
    caption = f"<caption>{visible(model.name)}</caption>" if len(sheet.models) > 1 else ""
    return (
        f'<div class="iso-live-sure"><table>{caption}<thead><tr><th scope="col">Language</th>{heads}'
        f'<th scope="col">Same answer</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(model: ModelAnswers, tag: str) -> str:
    cells = "".join(_cell(way.languages.get(tag)) for way in model.every)
    same, asked = same_answers(model.every, tag)
    steady = f"{same} of {asked}" if asked else "–"
    name = f'<th scope="row"><bdi lang="{visible(tag)}">{visible(autonym(tag))}</bdi></th>'
    return f"<tr>{name}{cells}<td>{steady}</td></tr>"


def _cell(answer: LanguageAnswer | None) -> str:
    kind = verdict(answer)
    if answer is None or answer.predicted is None:
        reason = "" if answer is None else visible(answer.error or "no option could be read")
        return f'<td class="iso-quiet" title="{reason}">–</td>'
    style = {"right": "iso-live-right", "wrong": "iso-live-wrong"}.get(kind, "")
    sure = probability(answer)
    share = "" if sure is None else f' <small dir="ltr">{percent(sure)}</small>'
    return f'<td dir="ltr"><span class="{style}">{_MARKS[kind]} {letters([answer.predicted])}</span>{share}</td>'
