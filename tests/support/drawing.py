"""What a browser would draw of a chart: its marks by name, from the SVG that vl-convert makes of the spec."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

import vl_convert

_MARK = re.compile(r'<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="([\w ]+)"([^>]*)>')
_TEXT = re.compile(r"<text\b([^>]*)>([^<]*)</text>")
_COLOUR = re.compile(r'(?<![-\w])(fill|stroke)="([^"]*)"')


@dataclass(frozen=True)
class Drawing:
    """The SVG of a chart."""

    svg: str

    @property
    def marks(self) -> dict[str, dict[str, str]]:
        """Each named mark: its fill and stroke; two marks of the same name are an error."""
        found = [(html.unescape(name), dict(_COLOUR.findall(rest))) for name, _, rest in _MARK.findall(self.svg)]
        assert len(dict(found)) == len(found), "two marks have the same name"
        return dict(found)

    @property
    def texts(self) -> list[str]:
        """Every text in the order of drawing."""
        return [html.unescape(content) for _, content in _TEXT.findall(self.svg)]

    def edges(self, colour: str) -> int:
        """How many shapes have an edge of this colour."""
        return len(re.findall(rf'stroke="{colour}"', self.svg))


def draw(spec: dict[str, Any]) -> Drawing:
    """Draw a chart after sending it through strict JSON, as the page does."""
    sent = json.loads(json.dumps(spec, allow_nan=False))
    return Drawing(vl_convert.vegalite_to_svg(sent | {"autosize": "pad"}, vl_version="6.4"))


def selections(spec: dict[str, Any]) -> dict[str, list[str]]:
    """The named selections of a chart and the fields that a click gives."""
    return {param["name"]: param["select"]["fields"] for param in spec["params"] if "select" in param}
