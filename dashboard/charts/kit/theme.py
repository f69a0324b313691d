"""The colours and letters of the charts in the light and in the dark theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.charts.kit.colour import Ramp

Theme = Literal["light", "dark"]

FONT = (
    '"Source Sans", "Noto Sans", sans-serif'  # Streamlit brings the first one; browsers find other scripts themselves
)


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, all #rrggbb; `sequential` runs from chance to 1, `diverging` is centred on 0."""

    background: str  # of the page, for images and for contrast; on a page the page's own shows through
    text: str
    muted: str
    line: str  # the dashed edge of a missing cell
    grid: str
    diagonal: str
    accent: str  # the outline of what is selected
    right: str
    wrong: str
    sequential: Ramp
    diverging: Ramp
    categories: tuple[str, ...]


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        background="#ffffff",
        text="#17252b",
        muted="#52616b",
        line="#aab7be",
        grid="#e4e9ec",
        diagonal="#ebeef0",
        accent="#d9480f",
        right="#117186",
        wrong="#f0dcc8",
        sequential=Ramp(
            ("#e3f4f6", "#bae0e5", "#91cbd5", "#64b7c5", "#29a2b7", "#1d899e", "#117186", "#055a6e", "#004557")
        ),
        diverging=Ramp(
            ("#914006", "#b3672f", "#d68f53", "#e2c19c", "#f2f0ec", "#a0cbd0", "#56a4b3", "#2e798b", "#005065")
        ),
        categories=("#117186", "#d9480f", "#6741d9", "#2b8a3e", "#a61e4d", "#1864ab", "#8a6500", "#495057"),
    ),
    "dark": Palette(
        background="#0f161b",
        text="#e6eef0",
        muted="#a3b1b9",
        line="#4b5a63",
        grid="#222c33",
        diagonal="#232c32",
        accent="#ff9a5c",
        right="#44acb9",
        wrong="#4a3a2e",
        sequential=Ramp(
            ("#172f37", "#1b4652", "#1b5f6e", "#16798a", "#0394a6", "#44acb9", "#6ac5cc", "#8edee1", "#b0f7f6")
        ),
        diverging=Ramp(
            ("#febb71", "#cc9155", "#9c693b", "#634934", "#2a2c2c", "#335a62", "#348c9b", "#66bdc5", "#98f0f0")
        ),
        categories=("#44acb9", "#ff9a5c", "#b197fc", "#69db7c", "#f783ac", "#74c0fc", "#ffd43b", "#adb5bd"),
    ),
}


def config(theme: Theme) -> dict[str, Any]:
    """The Vega-Lite config of a theme: it wins over what Streamlit fills in under `theme=None`."""
    palette = PALETTES[theme]
    guide = {"labelFont": FONT, "titleFont": FONT, "labelColor": palette.muted, "titleColor": palette.muted}
    return {
        "font": FONT,
        "aria": True,  # Streamlit would switch the cells' names off in large charts
        "axis": guide
        | {"domain": False, "ticks": False, "grid": False, "labelFontSize": 12, "titleFontSize": 12, "labelPadding": 6}
        | {"labelFlush": False, "labelBound": False, "labelOverlap": False, "labelLimit": 230}
        | {"titleFontWeight": "normal", "gridColor": palette.grid},
        "legend": guide
        | {"labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "gradientThickness": 10}
        | {"labelLimit": 320},
        "view": {"stroke": None},
        "text": {"color": palette.text},
    }
