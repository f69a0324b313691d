"""Layouts: worked out by hand, and against what each sequence would see if it were alone."""

from hypothesis import given
from hypothesis import strategies as st

from engine.models.causal.prefix_tree import Layout, TokenRow, TokenSequence, flat_layout, groups, one_row, tree_layout

SEQUENCES = (
    TokenSequence(0, (1, 2, 3, 4, 9), 3),
    TokenSequence(1, (1, 2, 3, 5, 6, 9), 3),
    TokenSequence(2, (1, 2, 3, 5, 7, 9), 3),
    TokenSequence(3, (1, 2, 3, 5, 7, 8), 3),  # differs from the one above in its last token, which is never read
)


def test_a_tree_by_hand() -> None:
    # all begin with 1 2 3; the first scored token stands at place 3, after the node of 3, which therefore is no header
    found = tree_layout(SEQUENCES, width=100)
    assert found.header == (1, 2)
    #           3
    #         4   5
    #            6 7      in depth-first order: 3 4 5 6 7
    assert found.rows == (TokenRow(tokens=[3, 4, 5, 6, 7], depths=[2, 3, 3, 4, 4], ends=[5, 2, 5, 4, 5]),)
    by_sequence = {n: [(t.node, t.token) for t in found.targets if t.sequence == n] for n in range(4)}
    assert by_sequence == {
        0: [(0, 4), (1, 9)],
        1: [(0, 5), (2, 6), (3, 9)],
        2: [(0, 5), (2, 7), (4, 9)],
        3: [(0, 5), (2, 7), (4, 8)],
    }


def test_a_narrow_row_repeats_the_path_it_needs() -> None:
    found = tree_layout(SEQUENCES, width=4)
    # 3 4, then 5 6 still fit; 7 does not, so the second row begins with 3 5 again
    assert [row.tokens for row in found.rows] == [[3, 4, 5, 6], [3, 5, 7]]
    assert [row.ends for row in found.rows] == [[4, 2, 4, 4], [3, 3, 3]]


def test_a_header_stands_in_its_only_row_where_there_is_room() -> None:
    found = one_row(tree_layout(SEQUENCES, width=7), width=7)  # 1 2, then 3 4 5 6 7 as above: seven nodes
    assert found is not None and found.header == ()
    assert found.rows == (
        TokenRow(tokens=[1, 2, 3, 4, 5, 6, 7], depths=[0, 1, 2, 3, 3, 4, 4], ends=[7, 7, 7, 4, 7, 6, 7]),
    )
    assert [(t.node, t.token) for t in found.targets if t.sequence == 2] == [(2, 5), (4, 7), (6, 9)]
    assert one_row(tree_layout(SEQUENCES, width=6), width=6) is None  # no room
    assert one_row(tree_layout(SEQUENCES, width=4), width=100) is None  # two rows share the header


def test_flat_by_hand() -> None:
    found = flat_layout(SEQUENCES, share_header=True)
    assert found.header == (1, 2)
    assert [row.tokens for row in found.rows] == [[3, 4], [3, 5, 6], [3, 5, 7]]
    assert [row.depths for row in found.rows] == [[2, 3], [2, 3, 4], [2, 3, 4]]
    whole = flat_layout(SEQUENCES, share_header=False)
    assert whole.header == () and [row.tokens for row in whole.rows] == [[1, 2, 3, 4], [1, 2, 3, 5, 6], [1, 2, 3, 5, 7]]


def sees(layout: Layout, row: int, node: int) -> tuple[int, ...]:
    """The tokens that a node sees, in the order of their positions, itself last."""
    forest = layout.rows[row]
    visible = [j for j in range(node + 1) if node < forest.ends[j]]
    assert [forest.depths[j] for j in visible] == list(range(len(layout.header), forest.depths[node] + 1))
    return layout.header + tuple(forest.tokens[j] for j in visible)


@st.composite
def token_sequences(draw: st.DrawFn) -> list[TokenSequence]:
    ids = draw(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=9), min_size=1, max_size=12))
    return [TokenSequence(n, tuple(i), draw(st.integers(1, len(i) - 1))) for n, i in enumerate(ids)]


@given(token_sequences(), st.integers(1, 30))
def test_every_scored_token_sees_exactly_what_stands_before_it(sequences: list[TokenSequence], width: int) -> None:
    flat = (flat_layout(sequences, share_header=share) for share in (True, False))
    tree = tree_layout(sequences, width=width)
    whole = one_row(tree, width=width)
    for layout in (tree, *flat, *([] if whole is None else [whole])):
        seen = {(t.sequence, len(sees(layout, t.row, t.node))): t for t in layout.targets}
        assert len(seen) == len(layout.targets) == sum(len(s.ids) - s.start for s in sequences)
        for sequence in sequences:
            for place in range(sequence.start, len(sequence.ids)):
                target = seen[(sequence.number, place)]
                assert sees(layout, target.row, target.node) == sequence.ids[:place]
                assert target.token == sequence.ids[place]


@given(token_sequences(), st.integers(1, 30))
def test_rows_keep_to_their_width_and_hold_each_prefix_once(sequences: list[TokenSequence], width: int) -> None:
    layout = tree_layout(sequences, width=width)
    longest = max(len(s.ids) - 1 - len(layout.header) for s in sequences)
    assert all(0 < len(row.tokens) <= max(width, longest) for row in layout.rows)
    wide = tree_layout(sequences, width=10_000)
    prefixes = {s.ids[:end] for s in sequences for end in range(len(wide.header) + 1, len(s.ids))}
    assert [len(row.tokens) for row in wide.rows] == [len(prefixes)]


@given(token_sequences())
def test_groups_lose_nothing(sequences: list[TokenSequence]) -> None:
    found = groups(sequences, width=1)
    assert sorted(s.number for group in found for s in group) == [s.number for s in sequences]


def test_languages_with_long_headers_of_their_own_become_groups() -> None:
    def prompts(language: int, count: int, first: int) -> list[TokenSequence]:
        header = (0, *(100 * language + place for place in range(30)))
        return [TokenSequence(first + n, (*header, 7, 1000 * language + n, 5, 6), 33) for n in range(count)]

    large, small = prompts(1, 40, 0) + prompts(2, 40, 40), prompts(3, 2, 80)
    found = groups(large + small, width=8)
    # 30 + 40 * 5 nodes fill 28 rows of 8: worth a header; two prompts of a third language are not
    assert sorted(len(group) for group in found) == [2, 40, 40]
    assert len(groups(large + small, width=1000)) == 1
