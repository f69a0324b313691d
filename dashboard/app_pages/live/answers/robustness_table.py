"""How sure a model is: what it answers when the same fact is put in other words or orders, as a safe HTML table."""

from dashboard.app_pages.live.answers.answer_sheet import Answer, Column, Shown, autonym, probability, verdict
from dashboard.app_pages.live.answers.sentences import same_answers
from dashboard.elements.figures import letters, percent
from dashboard.elements.visible_text import visible

_MARKS = {"right": "✓", "wrong": "✗", "said": "", "missing": ""}


def robustness_table(shown: Shown, column: Column) -> str:
    """A row for each language, a column for each way of asking, and how many ways give the first one's answer."""
    heads = "".join(f'<th scope="col">{visible(way.title)}</th>' for way in column.every)
    rows = "".join(_row(column, tag) for tag in shown.texts)
    caption = f"<caption>{visible(column.model)}</caption>" if len(shown.columns) > 1 else ""
    return (
        f'<div class="iso-live-sure"><table>{caption}<thead><tr><th scope="col">Language</th>{heads}'
        f'<th scope="col">Same answer</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(column: Column, tag: str) -> str:
    cells = "".join(_cell(way.languages.get(tag)) for way in column.every)
    same, asked = same_answers(column.every, tag)
    steady = f"{same} of {asked}" if asked else "–"
    name = f'<th scope="row"><bdi lang="{visible(tag)}">{visible(autonym(tag))}</bdi></th>'
    return f"<tr>{name}{cells}<td>{steady}</td></tr>"


def _cell(answer: Answer | None) -> str:
    kind = verdict(answer)
    predicted = None if answer is None else answer.get("predicted")
    if answer is None or predicted is None:
        reason = "" if answer is None else visible(answer.get("error") or "no option could be read")
        return f'<td class="iso-quiet" title="{reason}">–</td>'
    style = {"right": "iso-live-right", "wrong": "iso-live-wrong"}.get(kind, "")
    sure = probability(answer)
    share = "" if sure is None else f' <small dir="ltr">{percent(sure)}</small>'
    return f'<td dir="ltr"><span class="{style}">{_MARKS[kind]} {letters([predicted])}</span>{share}</td>'
