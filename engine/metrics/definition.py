"""The measures: each is one SQL file whose header says what it means; here the headers are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Level = Literal["performance", "consistency", "conductivity"]
_LEVELS: dict[str, Level] = {level: level for level in get_args(Level)}
# A metric may build on those before it.
_ORDER = (
    "accuracy", "ra", "overlap", "transfer", "en_co", "consistency", "fact_spread", "letter_bias", "wording_overlap",
    "exposure_accuracy", "crossed", "right_answers_made_of", "measured_and_crossed", "measures_against_truth",
)  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """A measure as its SQL file states it."""

    name: str
    title: str
    level: Level
    meaning: str
    range: str
    direction: str
    interval: str
    source: str
    confirmed: bool
    confirmation: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    sql: str

    @property
    def definition(self) -> str:
        """The statement that brings the metric into a store: a table, or a table macro where it has parameters.

        A table rather than a view: it is small, made once per store, and planning the view took longer than reading it.
        """
        if self.parameters:
            return f"create macro {self.name}({', '.join(self.parameters)}) as table {self.sql}"
        return f"create table {self.name} as {self.sql}"


def _read(name: str) -> Metric:
    """Parse the header of engine/metrics/<name>.sql: `-- key: value`, continued by lines indented behind `--`."""
    text = (files("engine.metrics") / f"{name}.sql").read_text(encoding="utf-8")
    header: dict[str, str] = {}
    key = ""
    lines = text.splitlines()
    for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("--"))]:
        if match := re.fullmatch(r"-- (\w+): (.+)", line):
            key, header[match[1]] = match[1], match[2]
        else:
            header[key] += " " + line.removeprefix("--").strip()
    confirmed, _, confirmation = header["confirmed"].partition(". ")
    return Metric(
        name=name,
        title=header["title"],
        level=_LEVELS[header["level"]],
        meaning=header["meaning"],
        range=header["range"],
        direction=header["direction"],
        interval=header["interval"],
        source=header["source"],
        confirmed=confirmed == "yes",
        confirmation=confirmation,
        parameters=tuple(header.get("parameters", "").replace(",", " ").split()),
        columns=tuple(header["columns"].replace(" ", "").split(",")),
        sql=text,
    )


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by its name, each after those it builds on."""
    return {name: _read(name) for name in _ORDER}
