"""Prefix trees: sequences that begin alike are laid out so that what they share is computed once.

A layout has one header, which all sequences begin with, and rows. A row is a forest in depth-first order: a node stands
for a token after its ancestors, and may see itself, its ancestors and the header. Cutting the forest into rows bounds
the attention's cost; a row repeats the path that its first sequence shares with the row before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

Ids = tuple[int, ...]

_WORTH_SHARING = 16  # tokens
_ROWS_WORTH_A_HEADER = 4


@dataclass(frozen=True)
class TokenSequence:
    """Token ids of which those from `start` on are scored, each after all before it; the last is never read."""

    number: int
    ids: Ids
    start: int


@dataclass
class TokenRow:
    """Nodes in depth-first order: node j is visible to node i when j <= i < ends[j]."""

    tokens: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)  # place in the sequence, the header included
    ends: list[int] = field(default_factory=list)


class Target(NamedTuple):
    """A token to be scored at a node: the log-probability of `token` there belongs to sequence `sequence`."""

    row: int
    node: int
    token: int
    sequence: int


@dataclass(frozen=True)
class Layout:
    """What to compute for a group of sequences: their common header, then the rows after it."""

    header: Ids
    rows: tuple[TokenRow, ...]
    targets: tuple[Target, ...]


def tree_layout(sequences: Sequence[TokenSequence], *, width: int) -> Layout:
    """Lay out sequences as prefix trees, in rows of at most `width` nodes unless one sequence alone is longer."""
    order = sorted(sequences, key=lambda sequence: sequence.ids)
    header = _header(order)
    rows: list[TokenRow] = []
    targets: list[Target] = []
    row, before = TokenRow(), header
    path: list[int] = []  # the nodes of the sequence before, from the header on
    for sequence in order:
        read = sequence.ids[:-1]
        keep = min(_shared(before, read), len(path) + len(header))
        if not rows or (len(row.tokens) + len(read) - keep > width and row.tokens):
            _close(row, path, 0)
            row, path, keep = TokenRow(), [], len(header)
            rows.append(row)
        _close(row, path, keep - len(header))
        for depth in range(keep, len(read)):
            path.append(len(row.tokens))
            row.tokens.append(read[depth])
            row.depths.append(depth)
            row.ends.append(-1)
        targets += [
            Target(len(rows) - 1, path[place - 1 - len(header)], sequence.ids[place], sequence.number)
            for place in range(sequence.start, len(sequence.ids))
        ]
        before = read
    _close(row, path, 0)
    return Layout(header, tuple(rows), tuple(targets))


def one_row(layout: Layout, *, width: int) -> Layout | None:
    """Put the header of a tree into its only row: one forward instead of two. None: it has several rows, or no room."""
    before = len(layout.header)
    if not before or len(layout.rows) != 1 or before + len(layout.rows[0].tokens) > width:
        return None
    (row,) = layout.rows
    whole = TokenRow(
        tokens=[*layout.header, *row.tokens],
        depths=[*range(before), *row.depths],
        ends=[before + len(row.tokens)] * before + [before + end for end in row.ends],
    )
    return Layout((), (whole,), tuple(target._replace(node=before + target.node) for target in layout.targets))


def flat_layout(sequences: Sequence[TokenSequence], *, share_header: bool) -> Layout:
    """Lay out sequences one a row; those that differ in their last token only, which is never read, share theirs."""
    order = sorted(sequences, key=lambda sequence: sequence.ids)
    header = _header(order) if share_header else ()
    numbers: dict[Ids, int] = {}
    targets = []
    for sequence in order:
        row = numbers.setdefault(sequence.ids[len(header) : -1], len(numbers))
        targets += [
            Target(row, place - 1 - len(header), sequence.ids[place], sequence.number)
            for place in range(sequence.start, len(sequence.ids))
        ]
    return Layout(header, tuple(_chain(read, len(header)) for read in numbers), tuple(targets))


def _chain(read: Ids, first_depth: int) -> TokenRow:
    """A row of one sequence."""
    return TokenRow(list(read), list(range(first_depth, first_depth + len(read))), [len(read)] * len(read))


def groups(sequences: Sequence[TokenSequence], *, width: int) -> list[list[TokenSequence]]:
    """Split sequences where a header of their own pays: the prompts of one language often share one, all do not.

    A group gets a forward pass for its header, so it must fill several rows and share clearly more than all do.
    """
    order = sorted(sequences, key=lambda sequence: sequence.ids)
    common = _shared(order[0].ids, order[-1].ids)
    runs: list[list[TokenSequence]] = [[order[0]]]
    for left, right in pairwise(order):
        if _shared(left.ids, right.ids) > common:
            runs[-1].append(right)
        else:
            runs.append([right])
    pooled: list[TokenSequence] = []
    split: list[list[TokenSequence]] = []
    for run in runs:
        shared = _shared(run[0].ids, run[-1].ids)
        nodes = shared + sum(len(sequence.ids) - shared for sequence in run)
        if shared >= common + _WORTH_SHARING and nodes > _ROWS_WORTH_A_HEADER * width:
            split.append(run)
        else:
            pooled += run
    return [*split, pooled] if pooled else split


def _header(order: Sequence[TokenSequence]) -> Ids:
    """What sorted sequences all begin with, but for the node before the first scored token: that stays in a row."""
    first_scored = min(sequence.start for sequence in order)
    return order[0].ids[: min(_shared(order[0].ids, order[-1].ids), first_scored - 1)]


def _shared(a: Ids, b: Ids) -> int:
    """Length of the longest common prefix."""
    low, high = 0, min(len(a), len(b))
    if a[:high] == b[:high]:
        return high
    while low < high - 1:  # a[:low] == b[:low] and a[:high] != b[:high]
        middle = (low + high) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _close(row: TokenRow, path: list[int], keep: int) -> None:
    """End the nodes of the path below depth `keep`: what follows does not descend from them."""
    for node in path[keep:]:
        row.ends[node] = len(row.tokens)
    del path[keep:]
