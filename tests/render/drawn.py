"""The numbers of a drawing, read back from its coordinates through the ticks of its own axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import exp, log
from typing import NamedTuple
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
Place = tuple[float, float]


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


def value_of(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def axis(ticks: Sequence[tuple[float, float]], *, logarithmic: bool) -> Callable[[float], float]:
    """From coordinates to values, through the two ticks that lie furthest apart."""
    (at0, value0), (at1, value1) = min(ticks), max(ticks)
    if logarithmic:
        return lambda at: exp(log(value0) + (at - at0) / (at1 - at0) * (log(value1) - log(value0)))
    return lambda at: value0 + (at - at0) / (at1 - at0) * (value1 - value0)


def axis_across(root: ET.Element) -> Callable[[float], float]:
    """From places across a drawing to values, through the numbers below it."""
    ticks = [one for one in root.iter(f"{SVG}text") if one.get("class") == "tick"]
    known = [(float(one.get("x", "")), one.text or "") for one in ticks]
    numbers = [(at, value_of(text)) for at, text in known if text.replace(",", "").replace(".", "").isdigit()]
    return axis(numbers, logarithmic=False)


def points(path: str) -> list[Place]:
    found = re.findall(rf"({NUMBER})[ ,]({NUMBER})", path)
    return [(float(x), float(y)) for x, y in found]


def svg_of(text: str) -> ET.Element:
    """The element of a drawing; one of a page has the page's name space."""
    whole = text if "xmlns" in text else text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    root = ET.fromstring(whole.encode())
    for one in [one for one in root if one.get("class") == "sample"]:
        one[:] = []
    return root


def read_back(text: str, *, logarithmic: bool) -> Drawn:
    """A drawing of a page or of a file."""
    root = svg_of(text)
    ticks = [one for one in root.iter(f"{SVG}text") if one.get("class") == "tick"]
    years = [(float(one.get("x", "")), float(one.text or "")) for one in ticks if one.get("text-anchor") == "middle"]
    values = [
        (float(one.get("y", "")) - 4, value_of(one.text or "")) for one in ticks if one.get("text-anchor") == "end"
    ]
    plot = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "plot")
    top = float(plot.get("y", ""))
    ends = top + float(plot.get("height", "")), top
    paths = [(one.get("class", "").split(), one) for one in root.iter(f"{SVG}path")]
    bands = {int(one.get("data-level", "")): points(one.get("d", "")) for kind, one in paths if kind[0] == "band"}
    lines = [points(one.get("d", "")) for kind, one in paths if kind[0] == "line"]
    cuts = [
        (int(one.get("data-level", "")), *map(float, re.findall(NUMBER, one.get("d", ""))))
        for kind, one in paths
        if kind[0] == "cut"
    ]
    return _drawn(years, values, ends, bands, lines, cuts, root, 0.06, logarithmic)


def _drawn(
    years: list[tuple[float, float]],
    values: list[tuple[float, float]],
    ends: tuple[float, float],
    bands: dict[int, list[Place]],
    lines: list[list[Place]],
    cuts: list[tuple[int, float, float, float]],
    root: ET.Element,
    pixels: float,
    logarithmic: bool,
) -> Drawn:
    x, y = axis(years, logarithmic=False), axis(values, logarithmic=logarithmic)
    low, high = map(y, ends)
    return Drawn(
        {level: [(x(a), y(b)) for a, b in outline] for level, outline in bands.items()},
        [[(x(a), y(b)) for a, b in line] for line in lines],
        {level: [(x(first), x(last), y(at))] for level, first, at, last in cuts},
        low,
        high,
        ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")],
        pixels * 2 * (log(high / low) if logarithmic else high - low) / abs(ends[0] - ends[1]),
        logarithmic,
    )
