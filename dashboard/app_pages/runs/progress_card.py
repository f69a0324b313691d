"""A run that is not finished, as safe HTML: what it asks, how far it is, and what went wrong."""

import html

from dashboard.elements.figures import duration, number, rate
from dashboard.elements.visible_text import visible
from engine.runs.launchers.local import command_line
from engine.runs.progress import RunProgress

_NOTHING = "nothing to ask"


def run_card(run: RunProgress) -> str:
    """A run with its bar. A running one says how fast it is; another why it ended, what is safe, and how to go on."""
    figures = [f"{number(run.done)} of {number(run.total)} answers"]
    if not run.total:
        figures = [_NOTHING]
    elif run.state == "running":
        figures += [f"{rate(run.rate)} answers/s", f"{duration(run.eta_seconds)} left"] if run.rate else ["starting"]
    else:
        figures = [f"{number(run.safe)} of {number(run.total)} answers are safe"]
    if run.failed:
        figures.append(f"{number(run.failed)} failed")
    figures += [f"run {run.run_id}", f"{len(run.languages)} languages"]
    reason = "" if run.reason is None else _line(f"{run.state.capitalize()}: {run.reason}", "iso-reason")
    command = "" if run.state == "running" else command_line(run.command)
    title = what(run.model, run.dataset, run.probe, run.templates)
    return _card(title, bar=_bar(run), reason=reason, figures=figures, command=command)


def launch_card(title: str, said: str, *, failed: bool) -> str:
    """A process that has not become a run: it still loads its model, or has ended and said why."""
    line = _line(f"Not started: {said}" if failed else said, "iso-reason")
    return _card(title, bar="" if failed else _waiting(), reason=line, figures=[], command="")


def what(model: str, dataset: str, probe: str, templates: tuple[str, ...]) -> str:
    """What a run asks whom, in one line."""
    return " · ".join([model, dataset, probe, ", ".join(templates)])


def _card(title: str, *, bar: str, reason: str, figures: list[str], command: str) -> str:
    below = "".join(f"<span>{visible(figure)}</span>" for figure in figures)
    code = f'<code class="iso-command" dir="ltr">{visible(command)}</code>' if command else ""
    return (
        f'<div class="iso-card iso-run"><p dir="auto"><strong>{visible(title)}</strong></p>{bar}{reason}'
        f'<p class="iso-answers">{below}</p>{code}</div>'
    )


def _bar(run: RunProgress) -> str:
    done = run.done if run.state == "running" else run.safe
    name = html.escape(f"{done} of {run.total} answers" if run.total else _NOTHING)
    return f'<progress class="iso-bar" value="{done}" max="{max(run.total, 1)}" aria-label="{name}"></progress>'


def _waiting() -> str:
    return '<progress class="iso-bar" aria-label="Loading"></progress>'


def _line(text: str, style: str) -> str:
    return f'<p class="{style}" dir="auto">{visible(text)}</p>'
