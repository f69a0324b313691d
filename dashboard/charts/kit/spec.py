"""A finished chart from a cached template: only the top level is copied, everything that varies stands there."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.charts.kit.theme import Theme, config

Spec = dict[str, Any]

_NARROW, _WIDE = 6.4, 12.0  # width of a letter at 12 pixels; Chinese, Japanese and Korean letters are wide


def template(chart: alt.LayerChart, *, theme: Theme) -> Spec:
    """An Altair chart as a plain Vega-Lite dict in a theme, without data, to be cached and filled in."""
    spec: Spec = chart.to_dict()
    spec.pop("datasets", None)  # Altair's stand-in; where one is named, Streamlit puts the data there and draws nothing
    spec["layer"] = [{key: part for key, part in layer.items() if key != "data"} for layer in spec["layer"]]
    spec["config"] = config(theme)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}  # the page gives the width, rows keep their height
    spec["padding"] = {"left": 2, "right": 2, "top": 2, "bottom": 4}
    spec["usermeta"] = {"embedOptions": {"renderer": "svg"}}  # Streamlit draws large charts without names otherwise
    return spec


def filled(
    template: Spec,
    rows: list[dict[str, Any]],
    *,
    values: Mapping[str, object],
    domains: Mapping[str, Sequence[object]],
    height: float,
    width: float,
) -> Spec:
    """The chart of `rows`: values of the named params, what stands along each axis, height and width in pixels."""
    params = [p | {"value": values[p["name"]]} if p["name"] in values else p for p in template["params"]]
    encoding = dict(template["encoding"])
    for channel, domain in domains.items():
        encoding[channel] = encoding[channel] | {"scale": encoding[channel]["scale"] | {"domain": list(domain)}}
    return template | {
        "data": {"values": rows},
        "params": params,
        "encoding": encoding,
        "height": height,
        "width": width,
    }


def room_needed(names: Sequence[str]) -> float:
    """Width in pixels, estimated, in which every name fits upright over its column."""
    return len(names) * max((_width(name) for name in names), default=0.0)


def _width(name: str) -> float:
    return sum(
        0.0 if unicodedata.combining(c) else _WIDE if unicodedata.east_asian_width(c) in "WF" else _NARROW for c in name
    )
