"""Facts as HTML for st.html: every text in its own script and direction, and what a model made of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.elements.visible_text import LONGEST_TEXT, visible

LONGEST_ANSWER = 300  # characters shown of what a model said
MERGED = "⋈ merged"  # marks an option that shares a token with the end of its question

_TAG = re.compile("[A-Za-z0-9-]+")

# Streamlit sets color-scheme, so light-dark() follows the theme that the visitor picked.
STYLE = """<style>
.iso-scroll{overflow-x:auto}
.iso-facts{width:100%;border-collapse:collapse;font-size:.9rem;line-height:1.45}
.iso-facts th,.iso-facts td{padding:.4rem .6rem;text-align:start;vertical-align:top;border:0;
 border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)}
.iso-facts thead th{font-size:.85rem;font-weight:400;padding-top:.2rem}
.iso-facts thead th,.iso-quiet,.iso-rest{color:light-dark(#52616b,#a3b1b9)}
.iso-facts td{min-width:5rem}
.iso-facts td:nth-child(2){width:70%}
.iso-facts tbody th{font-weight:600;white-space:nowrap}
.iso-text{white-space:pre-wrap;overflow-wrap:anywhere;overflow:hidden;text-align:start}
.iso-facts .iso-options{list-style:none;margin:.2rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.15rem .3rem}
.iso-options li{display:flex;flex-wrap:wrap;gap:0 .4rem;align-items:baseline;padding:0 .45rem;margin:0;
 border-radius:.35rem;font-size:.82rem;border:1.5px solid transparent}
.iso-options li.iso-gold{background:light-dark(#dcf0f3,#12363f)}
.iso-options li.iso-picked{border-color:light-dark(#b93c0a,#ff9a5c)}
.iso-said{font-size:.82rem;white-space:pre-wrap;overflow-wrap:anywhere;padding:.1rem .45rem 0}
.iso-tag{font-size:.78rem;white-space:nowrap}
.iso-gold .iso-tag,.iso-right{color:light-dark(#075a6b,#7fd6dd)}
.iso-tag.iso-pick,.iso-wrong{color:light-dark(#a83409,#ffab78)}
.iso-right,.iso-wrong{font-weight:600;white-space:nowrap}
.iso-mark{font-family:monospace;font-size:.8em;padding:0 .2em;border-radius:.2em;unicode-bidi:isolate;
 color:light-dark(#7a2e00,#ffd0b0);background:light-dark(#ffe8d6,#4a2a14)}
.iso-bar{display:block;width:4.5rem;height:.4rem;margin-top:.3rem;border-radius:.2rem;overflow:hidden;
 background:color-mix(in srgb,currentColor 14%,transparent)}
.iso-bar span{display:block;height:100%;background:light-dark(#117186,#44acb9)}
</style>
"""


@dataclass(frozen=True)
class ListedFact:
    """A fact in one language: its texts, what a model made of it, and the share of models that are right."""

    language: str  # a BCP 47 tag
    name: str  # the language's name in itself
    direction: Literal["ltr", "rtl"]
    question: str
    options: Sequence[str] = ()
    gold: Sequence[int] = ()  # indices of the right options, from 0
    predicted: int | None = None  # index of the model's option
    said: str | None = None  # what the model said, as it stands
    correct: bool | None = None  # None: not measured
    reason: str | None = None  # why nothing was measured
    share_right: float | None = None  # of the models, 0 to 1
    n_models: int | None = None
    merged: Sequence[int] = ()  # indices of the options that share a token with the end of the question


def fact_table(rows: Sequence[ListedFact], *, model: str | None = None) -> str:
    """HTML of a fact with its languages as rows; with `model`, what that model answered and whether it is right."""
    shares = any(row.share_right is not None for row in rows)
    heads = ["Language", "Question and options" if any(row.options for row in rows) else "Question"]
    heads += ([visible(model)] if model else []) + (["Models right"] if shares else [])
    head = "".join(f'<th scope="col">{title}</th>' for title in heads)
    body = "".join(_row(row, model=model is not None, shares=shares) for row in rows)
    table = f'<table class="iso-facts"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'{STYLE}<div class="iso-scroll">{table}</div>'


def _row(row: ListedFact, *, model: bool, shares: bool) -> str:
    cells = [
        f'<th scope="row" dir="auto"{_lang(row.language)}>{visible(row.name)}</th>',
        f"<td>{_block(row.question, row.language)}{_options(row, model=model)}{_said(row) if model else ''}</td>",
    ]
    cells += [f"<td>{_outcome(row)}</td>"] if model else []
    cells += [f"<td>{_share(row)}</td>"] if shares else []
    return f"<tr>{''.join(cells)}</tr>"


def _block(text: str, language: str | None, *, longest: int = LONGEST_TEXT) -> str:
    return f'<div class="iso-text" dir="auto"{_lang(language)}>{visible(text, longest=longest)}</div>'


def _lang(language: str | None) -> str:
    return f' lang="{language}"' if language and _TAG.fullmatch(language) else ""


def _direction(row: ListedFact) -> str:
    return "rtl" if row.direction == "rtl" else "ltr"


def _options(row: ListedFact, *, model: bool) -> str:
    if not row.options:
        return ""
    items = []
    for index, text in enumerate(row.options):
        gold, picked = index in row.gold, model and index == row.predicted
        names = " ".join(name for name, given in (("iso-gold", gold), ("iso-picked", picked)) if given)
        tags = '<span class="iso-tag" dir="ltr" lang="en">✓ right</span>' if gold else ""
        tags += '<span class="iso-tag iso-pick" dir="ltr" lang="en">◆ answered</span>' if picked else ""
        tags += f'<span class="iso-tag iso-quiet" dir="ltr" lang="en">{MERGED}</span>' if index in row.merged else ""
        letter = f'<span class="iso-quiet" dir="ltr">{_letter(index)}</span>'
        items.append(f'<li class="{names}">{letter}{_block(text, row.language)}{tags}</li>')
    return f'<ol class="iso-options" dir="{_direction(row)}">{"".join(items)}</ol>'


def _outcome(row: ListedFact) -> str:
    if row.correct is None:
        reason = f": {visible(row.reason)}" if row.reason else ""
        verdict = f'<div class="iso-quiet">– not measured{reason}</div>'
    elif row.correct:
        verdict = '<div class="iso-right">✓ right</div>'
    else:
        verdict = '<div class="iso-wrong">✗ wrong</div>'
    return verdict


def _said(row: ListedFact) -> str:
    """What the model said, as it stands."""
    if not row.said:
        return ""
    said = f'<span dir="auto"{_lang(row.language)}>{visible(row.said, longest=LONGEST_ANSWER)}</span>'
    return f'<div class="iso-said iso-quiet" dir="{_direction(row)}"><span lang="en">said:</span> {said}</div>'


def _share(row: ListedFact) -> str:
    if row.share_right is None:
        return '<span class="iso-quiet">– not measured</span>'
    percent = f"{100 * row.share_right:.0f} %"
    of = f' <span class="iso-quiet">of {row.n_models}</span>' if row.n_models is not None else ""
    bar = f'<span class="iso-bar" aria-hidden="true"><span style="width:{100 * row.share_right:.1f}%"></span></span>'
    return f"{percent}{of}{bar}"


def _letter(index: int) -> str:
    return chr(ord("A") + index) if 0 <= index < 26 else str(index + 1)
