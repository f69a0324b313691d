"""What every row of a table obeys, as data: values that are of the right type and still cannot be.

Checked when a file is written and when it is read (`engine.store.possible`); a file with a row that breaks a rule is
left out. What rows of several files must obey together stands in `engine.database.agreement`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import pyarrow as pa
import pyarrow.compute

from engine.errors import IsoglossError
from engine.languages import parse_language
from engine.schema import TABLES, Origin, RunStatus, Source, Stream, TableName, TemplateKind

Rows = pa.RecordBatch
ColumnValues = Any  # pyarrow's arrays have no common type in its stubs
pc: Any = pyarrow.compute
_ROUNDING = 1e-3  # nats that a log-probability may lie above 0


@dataclass(frozen=True)
class Rule:
    """`broken` is true of each row that `sentence` is said of; a missing value breaks nothing."""

    sentence: str
    broken: Callable[[Rows], ColumnValues]


def _below(column: str, limit: float, sentence: str) -> Rule:
    return Rule(sentence, lambda rows: pc.less(rows[column], limit))


def _filled(column: str) -> Rule:
    return Rule(f"{column} is empty", lambda rows: pc.equal(pc.utf8_trim_whitespace(rows[column]), ""))


def _one_of(column: str, names: object) -> Rule:
    known = [name for name in get_args(names) if isinstance(name, str)]
    wanted = pa.array(known, pa.string())
    return Rule(
        f"{column} is none of {', '.join(known)}",
        lambda rows: pc.and_(pc.is_valid(rows[column]), pc.invert(pc.is_in(rows[column], value_set=wanted))),
    )


# By its form, not by a list: a probe of somebody's own is known where it is installed only.
_NAMED_PROBE = Rule(
    "probe is no name of a probe: small letters, digits and _, and not import, which says who asked",
    lambda rows: pc.or_(
        pc.invert(pc.match_substring_regex(rows["probe"], "^[a-z][a-z0-9_]{0,31}$")), pc.equal(rows["probe"], "import")
    ),
)


def _tag(column: str) -> Rule:
    def broken(rows: Rows) -> ColumnValues:
        bad = [tag for tag in pc.unique(rows[column]).to_pylist() if not _is_tag(tag)]
        return pc.is_in(rows[column], value_set=pa.array(bad, pa.string()))

    return Rule(f"{column} is no language tag as it is written here", broken)


def _is_tag(tag: str) -> bool:
    try:
        return parse_language(tag) == tag
    except IsoglossError:
        return False


def _any_element(lists: ColumnValues, broken: Callable[[ColumnValues], ColumnValues]) -> ColumnValues:
    """For each list whether any of its elements is; false for a missing list."""
    flags = pc.fill_null(broken(pc.list_flatten(lists)), False)
    if not pc.any(flags).as_py():  # nearly always: then no list is looked at
        return pa.repeat(False, len(lists))
    bad = pc.unique(pc.filter(pc.list_parent_indices(lists), flags))
    return pc.is_in(pa.array(range(len(lists)), pa.int64()), value_set=pc.cast(bad, pa.int64()))


def _elements(column: str, broken: Callable[[ColumnValues], ColumnValues], sentence: str) -> Rule:
    return Rule(sentence, lambda rows: _any_element(rows[column], broken))


def _without_gaps(column: str) -> Rule:
    return _elements(column, pc.is_null, f"{column} has a gap")


def _as_long_as(column: str, other: str) -> Rule:
    return Rule(
        f"{column} has another length than {other}",
        lambda rows: pc.not_equal(pc.list_value_length(rows[column]), pc.list_value_length(rows[other])),
    )


def _within(column: str, other: str) -> Rule:
    """Indices into another list."""

    def broken(rows: Rows) -> ColumnValues:
        lists, lengths = rows[column], pc.list_value_length(rows[other])
        longest = pc.take(lengths, pc.list_parent_indices(lists))
        return _any_element(lists, lambda values: pc.greater_equal(pc.cast(values, pa.int32()), longest))

    return Rule(f"{column} names an option beyond those of {other}", broken)


def _all(*conditions: ColumnValues) -> ColumnValues:
    found = conditions[0]
    for condition in conditions[1:]:
        found = pc.and_(found, condition)
    return found


def _named(table: TableName) -> tuple[Rule, ...]:
    """What every table has: names that are not empty and languages that are tags."""
    columns = TABLES[table].columns
    texts = [c.name for c in columns if c.name in TABLES[table].key and c.type == pa.string()]
    return tuple(_tag(name) if name.startswith("language") else _filled(name) for name in texts)


_LOG_PROBABILITIES = ("option_logprobs", "option_unconditional", "letter_logprobs")
_PER_OPTION = ("option_bytes", "option_tokens", "option_unconditional", "letter_logprobs")
_OPTION_INDICES = ("order_choices", "merged_options")
_PARTS = ("n_both_right", "n_only_a", "n_only_b", "n_wrong_alike", "n_wrong_differently")


def _is_negative(values: ColumnValues) -> ColumnValues:
    return pc.less(values, 0)


def _above_zero(rows: Rows) -> ColumnValues:
    """Of options that join their question (merged) the number may be above 0."""
    return _all(
        pc.is_null(rows["merged_options"]),
        _any_element(rows["option_logprobs"], lambda values: pc.greater(values, _ROUNDING)),
    )


_RULES: dict[TableName, tuple[Rule, ...]] = {
    "facts": (
        _one_of("stream", Stream),
        _one_of("origin", Origin),
        _filled("question"),
        _without_gaps("options"),
        _without_gaps("gold"),
        _without_gaps("answers"),
        _elements("gold", _is_negative, "gold is below 0"),
        _within("gold", "options"),
        Rule(
            "gold names an option twice",
            lambda rows: pa.array([len(set(gold or ())) < len(gold or ()) for gold in rows["gold"].to_pylist()])
            if pc.greater(pc.fill_null(pc.max(pc.list_value_length(rows["gold"])), 0), 1).as_py()
            else pa.repeat(False, rows.num_rows),
        ),
    ),
    "traits": (_one_of("template_kind", TemplateKind),),
    "results": (
        _NAMED_PROBE,
        _below("predicted", 0, "predicted is below 0"),
        Rule("is right though nothing could be read", lambda r: _all(r["correct"], pc.invert(r["parsed"]))),
        Rule(
            "chose an option though none could be read",
            lambda r: _all(pc.is_valid(r["predicted"]), pc.invert(r["parsed"])),
        ),
        Rule("was measured and has an error", lambda r: _all(pc.is_valid(r["error"]), pc.is_valid(r["correct"]))),
        Rule("chose an option and has an error", lambda r: _all(pc.is_valid(r["error"]), pc.is_valid(r["predicted"]))),
        *(_without_gaps(name) for name in ("option_logprobs", *_PER_OPTION, *_OPTION_INDICES)),
        *(_as_long_as(name, "option_logprobs") for name in _PER_OPTION),
        *(
            _elements(name, pc.is_nan, f"{name} holds what is no number") for name in _LOG_PROBABILITIES
        ),
        *(
            _elements(name, lambda values: pc.greater(values, _ROUNDING), f"{name} holds a log-likelihood above 0")
            for name in _LOG_PROBABILITIES[1:]
        ),
        Rule("option_logprobs holds a log-likelihood above 0", _above_zero),
        *(_elements(name, _is_negative, f"{name} is below 0") for name in ("option_bytes", *_OPTION_INDICES)),
        _elements("option_tokens", lambda values: pc.less(values, 1), "option_tokens is below 1"),
        *(_within(name, "option_logprobs") for name in _OPTION_INDICES),
        Rule(
            "predicted is beyond option_logprobs",
            lambda r: pc.greater_equal(pc.cast(r["predicted"], pa.int32()), pc.list_value_length(r["option_logprobs"])),
        ),
    ),
    "runs": (
        _one_of("source", Source),
        _filled("harness"),
        Rule(
            "names a harness and is no import",
            lambda r: _all(pc.is_valid(r["harness"]), pc.not_equal(r["source"], "import")),
        ),
        _NAMED_PROBE,
        _one_of("status", RunStatus),
        _below("n_done", 0, "n_done is below 0"),
        Rule("more answers are done than expected", lambda r: pc.greater(r["n_done"], r["n_expected"])),
    ),
    "models": (
        Rule(
            "billion_parameters is no size",
            lambda r: pc.invert(_all(pc.greater(r["billion_parameters"], 0), pc.is_finite(r["billion_parameters"]))),
        ),
    ),
    "datasets": (
        _one_of("stream", Stream),
        _filled("title"),
        Rule(
            "chance is not from 0 to below 1",
            lambda r: pc.invert(_all(pc.greater_equal(r["chance"], 0), pc.less(r["chance"], 1))),
        ),
        Rule(
            "ceiling is not above chance and at most 1",
            lambda r: pc.invert(_all(pc.greater(r["ceiling"], r["chance"]), pc.less_equal(r["ceiling"], 1))),
        ),
    ),
    "exposure": (
        _below("times", 0, "times is below 0"),
        Rule("taught, and times says otherwise", lambda r: pc.not_equal(r["taught"], pc.greater(r["times"], 0))),
    ),
    "published_accuracy": (
        _below("gold_option", 0, "gold_option is below 0"),
        _below("n", 1, "n is below 1"),
        _below("n_correct", 0, "n_correct is below 0"),
        _below("n_unparsed", 0, "n_unparsed is below 0"),
        Rule(
            "more are right or unreadable than were counted",
            lambda r: pc.greater(_sum(r, ("n_correct", "n_unparsed")), pc.cast(r["n"], pa.int64())),
        ),
    ),
    "published_pairs": (
        _below("n", 1, "n is below 1"),
        *(_below(name, 0, f"{name} is below 0") for name in _PARTS),
        Rule("the parts do not add up to n", lambda r: pc.not_equal(_sum(r, _PARTS), pc.cast(r["n"], pa.int64()))),
        Rule("language_a is not before language_b", lambda r: pc.greater_equal(r["language_a"], r["language_b"])),
    ),
}  # fmt: skip


def _sum(rows: Rows, columns: tuple[str, ...]) -> ColumnValues:
    total = pc.cast(rows[columns[0]], pa.int64())
    for name in columns[1:]:
        total = pc.add(total, pc.cast(rows[name], pa.int64()))
    return total


RULES: Mapping[TableName, tuple[Rule, ...]] = {name: (*_named(name), *_RULES[name]) for name in TABLES}
