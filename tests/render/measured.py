"""A drawing read back from its svg: texts with their boxes, lines and areas with their colours.

Its faults are sentences, so that the gate and the tests judge alike.
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
    has_ground = False  # of the text that follows, in the colour of the page
    for order, element in enumerate(root):
        kinds = element.get("class", "").split()
        colour = next((kind[2:] for kind in kinds if kind[:2] in ("f-", "s-")), "")
        if "behind" in kinds:
            has_ground = True
        elif element.tag == f"{SVG}text":
            texts.append(_text(element, colour, halo=has_ground))
            has_ground = False
        elif "published" in kinds:
            x, y = map(float, re.findall(NUMBER, element.get("transform", ""))[:2])
            shapes.append(
                Shape("published", "paper", ((x - 6.5, y - 6.5), (x + 6.5, y + 6.5)), order)
            )
        elif element.tag == f"{SVG}path":
            numbers = [float(number) for number in re.findall(NUMBER, element.get("d", ""))]
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            shapes.append(
                Shape("line" if element.get("fill") == "none" else "area", colour, points, order)
            )
        elif element.tag == f"{SVG}circle":
            x, y, r = (float(element.get(name, "")) for name in ("cx", "cy", "r"))
            shapes.append(Shape("dot", colour, ((x - r, y - r), (x + r, y + r)), order))
        elif element.tag == f"{SVG}rect" and element.get("x") and "hit" not in kinds:
            x, y, w, h = (float(element.get(name, "")) for name in ("x", "y", "width", "height"))
            kind = "fade" if element.get("fill") else "rect"
            shapes.append(Shape(kind, colour or "paper", ((x, y), (x + w, y + h)), order))
    return Drawing(
        float(root.get("width", "")), float(root.get("height", "")), texts, shapes, theme
    )


def _text(element: ET.Element, colour: str, *, halo: bool) -> Text:
    words = "".join(element.itertext())
    size = float(element.get("font-size", ""))
    x = float(element.get("x", ""))
    y = float(element.get("y", ""))
    anchor = element.get("text-anchor", "start")
    wide = width(words, size, bold=int(element.get("font-weight", "400")) > 400)
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
    parts = [byte / 255 for byte in bytes.fromhex(colour.removeprefix("#"))]
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
    for index, text in enumerate(drawing.texts):
        left, top, right, bottom = text.box
        if min(left, top) < 0 or right > drawing.width or bottom > drawing.height:
            yield f"clipped: {text.words!r}"
        if text.size < SMALLEST - 1.5:
            yield f"too small, {text.size:g} px: {text.words!r}"
        for other in drawing.texts[:index]:
            if text.box.meets(other.box):
                yield f"overlap: {text.words!r} and {other.words!r}"
            if _reads_as_one(text, other):
                yield f"the tick {text.words!r} reads as one with {other.words!r}"
    sizes = {text.size for text in drawing.texts}
    if len(sizes) > 4:
        yield f"{len(sizes)} sizes of type"
    for mark in drawing.of("published"):
        if any(_covers(shape, mark) for shape in drawing.shapes):
            yield "a published figure is covered"
        if any(text.box.meets(mark.box) for text in drawing.texts):
            yield "a text lies on a published figure"
    yield from _unreadable(drawing)


def _covers(shape: Shape, mark: Shape) -> bool:
    """Check that a shape lies on a published figure; others of these, and fading, may."""
    on_top = shape.order > mark.order and shape.kind not in ("published", "fade")
    return on_top and shape.box.meets(mark.box)


def _reads_as_one(text: Text, other: Text) -> bool:
    """Check that a tick and the head of a column are on one line, too close to each other."""
    if text.y != other.y or {text.colour, other.colour} != {"quiet"}:
        return False
    if {_role(text), _role(other)} != {"tick", "head"}:
        return False
    right = abs(text.box.left - other.box.right)
    left = abs(other.box.left - text.box.right)
    return min(left, right) < LEAST_APART


def _role(text: Text) -> str:
    """Name the role of a text above rows: ticks are centred, heads of columns aligned right."""
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
    """Make functions from pixels to years and to values, by the ticks of a picture over years."""
    numbers = [text for text in drawing.texts if is_number(text.words)]
    ends = [text for text in numbers if text.anchor == "end" and text.colour == "quiet"]
    (edge, _), *_ = Counter(text.x for text in ends).most_common(1)
    ticks = [(text.y - text.size * 0.35, value_of(text.words)) for text in ends if text.x == edge]

    middles = [text for text in numbers if text.anchor == "middle"]
    foot = max(text.y for text in middles)
    years = [(text.x, value_of(text.words)) for text in middles if text.y == foot]
    in_full = [(x, year) for x, year in years if year > 99]
    return _through(in_full), _through(ticks)


def _through(ticks: list[Point]) -> Callable[[float], float]:
    """Make the line through the first and the last tick."""
    first, value = min(ticks)
    last, last_value = max(ticks)
    return lambda pixel: value + (pixel - first) / (last - first) * (last_value - value)
