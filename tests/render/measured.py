"""A drawing read back from its svg: every text with what it covers, every line and area in its
colour, in their order.

What it finds wrong is said in sentences, so that the gate and the tests judge alike.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rural_forecast.render.canvas import Box
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import THEMES

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?"
Point = tuple[float, float]
SMALLEST = 11.9  # pixels of type
LEAST_APART = 20  # pixels between the last tick and the head of a column
READABLE = 4.5  # contrast of text with what is behind it


class Text(NamedTuple):
    words: str
    box: Box
    size: float
    colour: str
    anchor: str
    x: float
    y: float
    halo: bool


class Shape(NamedTuple):
    kind: str  # `area`, `line`, `rect`, `dot`, `fade` or `published`
    colour: str
    points: tuple[Point, ...]
    order: int

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))


class Drawing(NamedTuple):
    width: float
    height: float
    texts: list[Text]
    shapes: list[Shape]
    theme: str

    def of(self, kind: str, colour: str = "") -> list[Shape]:
        return [
            shape for shape in self.shapes if shape.kind == kind and colour in (shape.colour, "")
        ]

    @property
    def words(self) -> list[str]:
        return [text.words for text in self.texts]


def measured(svg: str, theme: str = "light") -> Drawing:
    """Read a drawing; texts are measured in the font that they are drawn for."""
    root = ET.fromstring(
        svg
        if "xmlns" in svg
        else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )
    texts: list[Text] = []
    shapes: list[Shape] = []
    for order, one in enumerate(root):
        kinds = one.get("class", "").split()
        colour = next((kind[2:] for kind in kinds if kind[:2] in ("f-", "s-")), "")
        if one.tag == f"{SVG}text":
            texts.append(_text(one, colour, halo="halo" in kinds))
        elif "published" in kinds:
            x, y = map(float, re.findall(NUMBER, one.get("transform", ""))[:2])
            shapes.append(
                Shape("published", "paper", ((x - 6.5, y - 6.5), (x + 6.5, y + 6.5)), order)
            )
        elif one.tag == f"{SVG}path":
            numbers = [float(number) for number in re.findall(NUMBER, one.get("d", ""))]
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            shapes.append(
                Shape("line" if one.get("fill") == "none" else "area", colour, points, order)
            )
        elif one.tag == f"{SVG}circle":
            x, y, r = (float(one.get(name, "")) for name in ("cx", "cy", "r"))
            shapes.append(Shape("dot", colour, ((x - r, y - r), (x + r, y + r)), order))
        elif one.tag == f"{SVG}rect" and one.get("x") and "hit" not in kinds:
            x, y, w, h = (float(one.get(name, "")) for name in ("x", "y", "width", "height"))
            kind = "fade" if one.get("fill") else "rect"
            shapes.append(Shape(kind, colour or "paper", ((x, y), (x + w, y + h)), order))
    return Drawing(
        float(root.get("width", "")), float(root.get("height", "")), texts, shapes, theme
    )


def _text(one: ET.Element, colour: str, *, halo: bool) -> Text:
    words = "".join(one.itertext())
    size = float(one.get("font-size", ""))
    x = float(one.get("x", ""))
    y = float(one.get("y", ""))
    anchor = one.get("text-anchor", "start")
    wide = width(words, size, bold=int(one.get("font-weight", "400")) > 400)
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return Text(
        words,
        Box(left, y - 0.72 * size, left + wide, y + 0.02 * size),
        size,
        colour,
        anchor,
        x,
        y,
        halo,
    )


def luminance(colour: str) -> float:
    """Of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    """L* of CIE Lab."""
    light = luminance(colour)
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light


def findings(drawing: Drawing) -> Iterator[str]:
    """List the faults of a drawing."""
    for at, text in enumerate(drawing.texts):
        left, top, right, bottom = text.box
        if min(left, top) < 0 or right > drawing.width or bottom > drawing.height:
            yield f"clipped: {text.words!r}"
        if text.size < SMALLEST - 1.5:
            yield f"too small, {text.size:g} px: {text.words!r}"
        for other in drawing.texts[:at]:
            if text.box.meets(other.box):
                yield f"overlap: {text.words!r} and {other.words!r}"
            if (
                text.y == other.y
                and text.colour == other.colour == "quiet"
                and "tick" in (_role(text), _role(other))
            ):
                near = min(
                    abs(text.box.left - other.box.right), abs(other.box.left - text.box.right)
                )
                if {_role(text), _role(other)} == {"tick", "head"} and near < LEAST_APART:
                    yield f"the tick {text.words!r} reads as one with {other.words!r}"
    sizes = {text.size for text in drawing.texts}
    if len(sizes) > 4:
        yield f"{len(sizes)} sizes of type"
    for mark in drawing.of("published"):
        after = [
            shape
            for shape in drawing.shapes
            if shape.order > mark.order and shape.kind != "published"
        ]
        if any(shape.kind != "fade" and shape.box.meets(mark.box) for shape in after):
            yield "a published figure is covered"
        if any(text.box.meets(mark.box) for text in drawing.texts):
            yield "a text lies on a published figure"
    yield from _unreadable(drawing)


def _role(text: Text) -> str:
    """Of a text above rows: a tick is in the middle of its place, the head of a column ends at its
    own.
    """
    return {"middle": "tick", "end": "head"}.get(text.anchor, "")


def _unreadable(drawing: Drawing) -> Iterator[str]:
    """Texts whose colour is too near to what is behind them, and texts that a line runs through."""
    colours = THEMES[drawing.theme]
    for text in drawing.texts:
        x = (text.box.left + text.box.right) / 2
        y = (text.box.top + text.box.bottom) / 2
        ground = "paper"
        for shape in drawing.shapes:
            left, top, right, bottom = shape.box
            inside = shape.kind == "rect" and left <= x <= right and top <= y <= bottom
            if inside or (shape.kind == "area" and within((x, y), shape.points)):
                ground = shape.colour
        if contrast(colours[text.colour], colours[ground]) < READABLE - 0.05:
            yield f"unreadable: {text.words!r} in {text.colour} on {ground}"
        if text.halo and ground[:4] == "band":
            yield f"{text.words!r} has a halo on a band"
        for line in drawing.of("line"):
            if (
                line.colour in ("ink", "accent")
                and not text.halo
                and _crosses(line.points, text.box)
            ):
                yield f"a line runs through {text.words!r}"


def within(point: Point, outline: tuple[Point, ...]) -> bool:
    """A point lies inside an outline."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in pairwise((*outline, outline[0])):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            inside = not inside
    return inside


def _crosses(points: tuple[Point, ...], box: Box) -> bool:
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(int(max(abs(x1 - x0), abs(y1 - y0))), 1)
        for step in range(steps + 1):
            x = x0 + (x1 - x0) * step / steps
            y = y0 + (y1 - y0) * step / steps
            if box.left + 1 < x < box.right - 1 and box.top + 1 < y < box.bottom - 1:
                return True
    return False


def value_of(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def is_number(text: str) -> bool:
    return re.fullmatch(r"[−-]?[\d,]*\.?\d+", text) is not None


def axes(drawing: Drawing) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """From pixels to years and to values, through the texts of the ticks of a picture over years."""
    ends = [
        text
        for text in drawing.texts
        if text.anchor == "end" and text.colour == "quiet" and is_number(text.words)
    ]
    (edge, _), *_ = Counter(text.x for text in ends).most_common(1)
    ticks = [(text.y - text.size * 0.35, value_of(text.words)) for text in ends if text.x == edge]
    foot = max(
        text.y for text in drawing.texts if text.anchor == "middle" and is_number(text.words)
    )
    years = [
        (text.x, value_of(text.words))
        for text in drawing.texts
        if text.anchor == "middle" and text.y == foot
    ]
    years = [(x, year) for x, year in years if year > 99]
    return _through(years), _through(ticks)


def _through(ticks: list[Point]) -> Callable[[float], float]:
    (at0, value0), (at1, value1) = min(ticks), max(ticks)
    return lambda at: value0 + (at - at0) / (at1 - at0) * (value1 - value0)
