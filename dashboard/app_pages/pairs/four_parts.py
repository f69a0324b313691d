"""A pair of languages as a square of four: facts right in both, in one, in the other, in neither."""

import pandas as pd

from dashboard.elements import figures
from dashboard.elements.visible_text import visible
from engine.browse.queries import Row

_ROWS = {"Right": ("both", "only_a"), "Wrong": ("only_b", "neither")}  # in a; each by right and wrong in b


def four_parts_square(parts: pd.DataFrame, *, a: str, b: str) -> str:
    """The square as safe HTML; `parts`: of the measure four_parts, the rows of one pair; `a`, `b`: its languages.

    A square is the deeper the greater its share is.
    """
    by_part = {str(row["part"]): row for _, row in parts.iterrows()}
    head = "".join(f'<th scope="col">{state} in {visible(b)}</th>' for state in _ROWS)
    rows = "".join(
        f'<tr><th scope="row">{state} in {visible(a)}</th>{"".join(_cell(by_part[name]) for name in names)}</tr>'
        for state, names in _ROWS.items()
    )
    caption = f"n = {figures.counted(parts['n'].iloc[0], 'fact')} measured in both languages; 95 % intervals."
    return f'<table class="iso-square"><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>'


def _cell(part: Row) -> str:
    share, bounds = figures.percent(part["share"]), figures.interval(part["ci_low"], part["ci_high"])
    count = figures.number(part["n_part"])
    return f'<td style="--share: {part["share"]:.3f}"><strong>{count}</strong><small>{share} ({bounds})</small></td>'
