"""The numbers of a drawing, read back from its coordinates through the ticks of its own axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import exp, log
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rural_forecast.document.picture import Picture
from rural_forecast.render import svg_file

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
Place = tuple[float, float]
Box = tuple[float, float, float, float]


class Drawn(NamedTuple):
    """What a drawing shows, in years and values."""

    bands: dict[int, list[Place]]
    """The corners of each band's outline, by level."""
    lines: list[list[Place]]
    cuts: dict[int, list[tuple[float, float, float]]]
    """First and last year of each cut and its height, by level."""
    low: float
    high: float
    """The ends of the axis of values."""
    texts: list[str]
    slack: float
    """By how much a value may be off, as coordinates are rounded."""
    logarithmic: bool

    def close(self, shown: float, value: float) -> bool:
        """Whether a value is drawn where it belongs."""
        return abs(log(shown) - log(value) if self.logarithmic else shown - value) <= self.slack

    def clipped(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def has(self, year: int, value: float) -> bool:
        """Whether a line goes through a value in a year."""
        return any(round(x) == year and self.close(y, value) for line in self.lines for x, y in line)


def value_of(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def _axis(ticks: Sequence[Place], *, logarithmic: bool = False) -> Callable[[float], float]:
    """From coordinates to values, through the two ticks that lie furthest apart."""
    (at0, value0), (at1, value1) = min(ticks), max(ticks)
    if logarithmic:
        return lambda at: exp(log(value0) + (at - at0) / (at1 - at0) * (log(value1) - log(value0)))
    return lambda at: value0 + (at - at0) / (at1 - at0) * (value1 - value0)


def axis_across(root: ET.Element) -> Callable[[float], float]:
    """From places across a drawing to values, through the numbers below it."""
    ticks = [(float(one.get("x", "")), one.text or "") for one in kinds(root, "text", "tick")]
    return _axis([(at, value_of(text)) for at, text in ticks if text.replace(",", "").replace(".", "").isdigit()])


def points(path: str) -> list[Place]:
    return [(float(x), float(y)) for x, y in re.findall(rf"({NUMBER})[ ,]({NUMBER})", path)]


def root_of(shown: Picture | str) -> ET.Element:
    """The element of a picture, or of a drawing in a page, which has the page's name space; without its key."""
    text = svg_file.render(shown) if isinstance(shown, Picture) else shown
    whole = text if "xmlns" in text else text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    root = ET.fromstring(whole.encode())
    for one in root:
        one[:] = [] if one.get("class") == "sample" else one[:]
    return root


def panels(picture: Picture) -> list[ET.Element]:
    """The drawing of each panel."""
    whole = next(one for one in root_of(picture).iter(f"{SVG}g") if one.get("class") is None)
    return list(whole.findall(f"{SVG}g"))


def kinds(root: ET.Element, tag: str, kind: str) -> list[ET.Element]:
    """The elements of a class."""
    return [one for one in root.iter(f"{SVG}{tag}") if one.get("class", "").split()[:1] == [kind]]


def boxes(root: ET.Element, kind: str) -> list[Box]:
    """x, y, width and height of the rectangles of a class."""
    found = kinds(root, "rect", kind)
    return [tuple(float(one.get(name, "")) for name in ("x", "y", "width", "height")) for one in found]  # type: ignore[misc]


def words(root: ET.Element, kind: str) -> list[str]:
    return ["".join(one.itertext()) for one in kinds(root, "text", kind)]


def read_back(shown: Picture | str | ET.Element, *, logarithmic: bool = False) -> Drawn:
    """What a course shows."""
    root = shown if isinstance(shown, ET.Element) else root_of(shown)
    ticks = [(one, one.get("text-anchor"), value_of(one.text or "0")) for one in kinds(root, "text", "tick")]
    x = _axis([(float(one.get("x", "")), value) for one, anchor, value in ticks if anchor == "middle"])
    heights = [(float(one.get("y", "")) - 4, value) for one, anchor, value in ticks if anchor == "end"]
    y = _axis(heights, logarithmic=logarithmic)
    (_, top, _, high), *_ = boxes(root, "plot")
    ends = y(top + high), y(top)
    cuts: dict[int, list[tuple[float, float, float]]] = {}
    for one in kinds(root, "path", "cut"):
        if level := one.get("data-level"):
            first, height, last = map(float, re.findall(NUMBER, one.get("d", "")))
            cuts.setdefault(int(level), []).append((x(first), x(last), y(height)))
    return Drawn(
        {
            int(one.get("data-level", "")): [(x(a), y(b)) for a, b in points(one.get("d", ""))]
            for one in kinds(root, "path", "band")
            if one.get("data-level")
        },
        [[(x(a), y(b)) for a, b in points(one.get("d", ""))] for one in kinds(root, "path", "line")],
        cuts,
        *ends,
        ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")],
        0.12 * (log(ends[1] / ends[0]) if logarithmic else ends[1] - ends[0]) / high,
        logarithmic,
    )
