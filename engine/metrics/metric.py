"""A measure as its SQL file states it: the header is read and checked here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from engine.errors import IsoglossError

Level = Literal["performance", "consistency", "conductivity"]
Shape = Literal["dataset", "model", "language", "pair", "part", "k", "fact", "measure"]  # what a row is a figure of
Scale = Literal["share", "difference", "correlation", "count"]
Start = Literal["chance", "chance_overlap", "zero"]  # what guessing gives: a column of the measure chance, or nothing

NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "facts": "facts",
        "counts": "answers or published counts",
        "answers": "single answers",
        "rotations": "answers to every rotation of the options",
        "wordings": "answers to several wordings of one probe",
        "models": "what a model is built on",
        "exposure": "lab models, of which it is known what they were taught",
    }
)
_REQUIRED = (
    "title", "level", "meaning", "range", "direction", "interval", "source", "confirmed", "shape", "scale", "needs",
    "columns", "key",
)  # fmt: skip
_OF_PAIRS = ("in-short", "guessing")  # what a measure of pairs says besides, for the page that draws it
_OPTIONAL = ("parameters", "builds-on", "missing", *_OF_PAIRS)
_PAIR = ("model", "dataset", "language_a", "language_b")

T = TypeVar("T")
_LEVELS: dict[str, Level] = {level: level for level in get_args(Level)}
_SHAPES: dict[str, Shape] = {shape: shape for shape in get_args(Shape)}
_SCALES: dict[str, Scale] = {scale: scale for scale in get_args(Scale)}
_STARTS: dict[str, Start] = {start: start for start in get_args(Start)}
_KEYS = {key: key for key in (*_REQUIRED, *_OPTIONAL)}
_PARAMETERS = {name: name for name in ("models", "datasets", "languages", "pivot_language")}


class FaultyMetric(IsoglossError):
    """A metric that cannot be used, told by its name and by whose it is."""

    def __init__(self, name: str, origin: str, reason: str) -> None:
        super().__init__(f"metric {name} ({origin}): {reason}")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A measure, by what its header says of it."""

    name: str
    origin: str  # whose it is: Isogloss's own, or a package's
    title: str
    level: Level
    meaning: str
    range: str
    direction: str
    interval: str
    source: str
    confirmed: bool
    confirmation: str
    shape: Shape
    scale: Scale
    needs: tuple[str, ...]  # names of NEEDS
    builds_on: tuple[str, ...]
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...]  # those of the columns by which a row is found and sorted
    in_short: str  # of a measure of pairs: a sentence that goes on behind its title
    start: Start  # of a measure of pairs: what guessing gives
    missing: str  # of a measure of pairs: why a figure is missing though something is right in either language
    sql: str

    @property
    def definition(self) -> str:
        """The statement that brings the metric into a store: a table, or a table macro where it has parameters.

        A table rather than a view: it is small, made once per store, and planning the view took longer than reading it.
        """
        if self.parameters:
            return f"create macro {self.name}({', '.join(self.parameters)}) as table {self.sql}"
        return f"create table {self.name} as {self.sql}"

    @property
    def has_interval(self) -> bool:
        """Whether its rows have ci_low and ci_high."""
        return not self.interval.startswith("none")

    @property
    def is_symmetric(self) -> bool:
        """Of a measure of pairs: whether a pair is one row, language_a before language_b, and not one each way."""
        return self.direction.startswith("symmetric")

    @property
    def in_cell(self) -> tuple[str, ...]:
        """Of a measure of pairs: the columns that a cell of the heatmap has of it, its own and those behind that."""
        return self.columns[self.columns.index(self.name) :]


def parse_metric(name: str, text: str, *, origin: str) -> Metric:
    """The metric of an SQL file, whose header is lines `-- key: value`, continued by lines indented behind `--`.

    Raises FaultyMetric for a header that lacks a key, or says what cannot be.
    """

    def fault(reason: str) -> FaultyMetric:
        return FaultyMetric(name, origin, reason)

    def one_of(allowed: Mapping[str, T], key: str, value: str) -> T:
        if value not in allowed:
            raise fault(f"{key}: {value!r} is none of {', '.join(allowed)}")
        return allowed[value]

    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise fault("the name of a file is small letters, digits and underscores, and .sql")
    header: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if match := re.fullmatch(r"-- ([a-z-]+): (.+)", line):
            key = one_of(_KEYS, "key of the header", match[1])
            header[key] = match[2]
        elif key:
            header[key] += " " + line.removeprefix("--").strip()
    required = _REQUIRED + (_OF_PAIRS if header.get("shape") == "pair" else ())
    if lacking := [key for key in required if key not in header]:
        raise fault(f"the header lacks {', '.join(lacking)}; it is lines `-- key: value` before the statement")
    confirmed, _, confirmation = header["confirmed"].partition(". ")
    metric = Metric(
        name=name,
        origin=origin,
        title=header["title"],
        level=one_of(_LEVELS, "level", header["level"]),
        meaning=header["meaning"],
        range=header["range"],
        direction=header["direction"],
        interval=header["interval"],
        source=header["source"],
        confirmed=one_of({"yes": True, "no": False}, "confirmed", confirmed),
        confirmation=confirmation,
        shape=one_of(_SHAPES, "shape", header["shape"]),
        scale=one_of(_SCALES, "scale", header["scale"]),
        needs=tuple(need for need in _listed(header["needs"]) if one_of(NEEDS, "needs", need)),
        builds_on=_listed(header.get("builds-on", "")),
        parameters=tuple(one_of(_PARAMETERS, "parameters", given) for given in _listed(header.get("parameters", ""))),
        columns=_listed(header["columns"]),
        key=_listed(header["key"]),
        in_short=header.get("in-short", ""),
        start=one_of(_STARTS, "guessing", header.get("guessing", "zero")),
        missing=header.get("missing", ""),
        sql=text,
    )
    if unknown := [key for key in metric.key if key not in metric.columns]:
        raise fault(f"key: {unknown[0]!r} is none of its columns: {', '.join(metric.columns)}")
    if metric.shape == "pair" and (reason := _why_no_pair_measure(metric)):
        raise fault(reason)
    return metric


def _why_no_pair_measure(metric: Metric) -> str:
    """What keeps the pages from drawing a measure of pairs like the others; empty for nothing."""
    if metric.key != _PAIR or metric.name not in metric.columns:
        return f"a measure of pairs has the key {', '.join(_PAIR)}, and a column of its own name"
    if metric.parameters:
        return "a measure of pairs has no parameters: it is computed for every pair"
    if metric.scale not in ("share", "difference"):
        return f"scale: a measure of pairs is a share or a difference, not a {metric.scale}"
    if not metric.direction.startswith(("symmetric", "directed")):
        return "direction: a measure of pairs is symmetric or directed, and says so first"
    return ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
