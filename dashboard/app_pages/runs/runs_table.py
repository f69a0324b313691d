"""The finished runs as a table in safe HTML: one row each, the chosen one marked."""

import pandas as pd

from dashboard.elements.figures import duration, number, rate
from dashboard.elements.visible_text import visible
from engine.browse.queries import Row

_LONGEST = 80  # characters of a cell
_HASH = 10  # of the weights' hash
_WORDS = ("Model", "Facts", "Probe", "Wording")
_FIGURES = ("Answers", "Failed", "Format", "Device", "Weights", "Finished (UTC)", "Took", "Answers/s")


def run_table(runs: pd.DataFrame, *, chosen: str | None) -> str:
    """The rows of engine/browse/runs.sql in their order. What a run did not record is a dash."""
    head = "".join(f'<th scope="col">{name}</th>' for name in (*_WORDS, *_FIGURES))
    body = "".join(_row(run, is_chosen=run["run_id"] == chosen) for _, run in runs.iterrows())
    return f'<div class="iso-runs"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(run: Row, *, is_chosen: bool) -> str:
    cells = [_text(run[name]) for name in ("model", "dataset", "probe", "template")]
    cells[0] = f'<strong class="chosen">{cells[0]}</strong>' if is_chosen else cells[0]
    done, expected = run["n_done"], run["n_expected"]
    cells += [
        number(done) if done == expected else f"{number(done)} of {number(expected)}",
        number(run["n_failed"]),
        _text(run["dtype"]),
        _text(run["device"]),
        _text(run["weights_sha256"], longest=_HASH),
        _text(run["finished"]),
        duration(run["seconds"]),
        rate(run["answers_per_second"]),
    ]
    style = ' class="chosen" aria-current="true"' if is_chosen else ""
    return f"<tr{style}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _text(value: object, *, longest: int = _LONGEST) -> str:
    """A text's beginning; the whole of it stands among the settings."""
    if not isinstance(value, str):
        return "–"
    return visible(value if len(value) <= longest else value[:longest] + "…")
