"""The slides that pictures are put on: our own, or a template with its fonts and colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rural_forecast.errors import InputError, UsageError
from rural_forecast.render.native_look import COLOURS, Colours
from rural_forecast.render.wrapping import width
from rural_forecast.system import inputs
from rural_forecast.system.extras import need

# Inches of our slide of 16 : 9, and of what is on it.
WIDE = 13.333
_HIGH = 7.5
_MARGIN = 0.6
_TOP = 1.95
_BOTTOM = 6.6
_RANGE_TOP = 1.1
_SOURCE_TOP = 6.98

# Of a slide of a template: inches from its title to the range, and of the lines of texts.
_BELOW_TITLE = 0.08
_RANGE_HIGH = 0.4
_UNIT_HIGH = 0.35
_SOURCE_HIGH = 0.32
_ABOUT_HIGH = 0.4
_LEAST_HIGH = 2.5

_ONLY_TITLE = 5  # the layout of the default template
_THEME = "/theme"  # the end of the type of a relation to a theme
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_USUAL_TITLE = 28.0
_WIDE_FONT = 1.2  # of the letters that texts are measured with: Georgia 1.15, Verdana 1.25
# Placeholders that a template fills by itself: date, foot and number of a slide.
_FILLED = ("DATE", "FOOTER", "SLIDE_NUMBER")

# Shares of the page in tints of the accent, and in greys of the ink.
_TINTS = {"band50": 0.45, "band80": 0.65, "band95": 0.8}
_GREYS = {
    "quiet": 0.3,
    "axis": 0.45,
    "grey50": 0.62,
    "total": 0.7,
    "grey80": 0.78,
    "grid": 0.85,
}
_PART_TINTS = (0.0, 0.25, 0.42, 0.58, 0.74)


@dataclass(frozen=True)
class TitleBox:
    """The room of a title on the slides of a template."""

    points: float  # of its type
    width: float  # inches
    height: float


@dataclass(frozen=True)
class Deck:
    """A presentation without slides, where things are on one, and its colours."""

    show: Any
    layout: Any
    left: float  # inches, as all lengths
    room: float
    top: float  # of the picture
    bottom: float
    range_top: float
    source_top: float
    colours: Colours
    title: TitleBox | None
    """where a template has its titles; it says itself how they look."""

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Estimate how wide a text is, in points; the fonts of a template may be wide ones."""
        return width(text, size, bold=bold) * (_WIDE_FONT if self.title else 1.0)


def deck_of(template: str) -> Deck:
    """Open a template, or make our own deck where none is named.

    Raises InputError if the file is no presentation, UsageError if it has no layout with a title.
    """
    presentation = need("pptx", "exhibit", "The format pptx").Presentation
    if template:
        return _of_template(presentation, template)
    show = presentation()
    inches = need("pptx.util", "exhibit", "The format pptx").Inches
    show.slide_width = inches(WIDE)
    show.slide_height = inches(_HIGH)
    return Deck(
        show,
        show.slide_layouts[_ONLY_TITLE],
        _MARGIN,
        WIDE - 2 * _MARGIN,
        _TOP,
        _BOTTOM,
        _RANGE_TOP,
        _SOURCE_TOP,
        COLOURS,
        title=None,
    )


def _of_template(presentation: Any, template: str) -> Deck:
    from pptx.exc import PackageNotFoundError

    if not Path(template).is_file():
        raise InputError(f"{template} is not there, or is no file.", "Name a .pptx file.")
    inputs.record(template)
    try:
        show = presentation(template)
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise InputError(
            f"{template} is no PowerPoint presentation.", "Save it as .pptx, not as .ppt or .potx."
        ) from error
    _remove_slides(show)
    layout = _layout_with_a_title(show, template)

    title = next(shape for shape in layout.placeholders if shape.placeholder_format.idx == 0)
    high = show.slide_height.inches
    foot = min(_tops_of_feet(layout, high), default=high - 0.25)
    range_top = title.top.inches + title.height.inches + _BELOW_TITLE
    top = range_top + _RANGE_HIGH + _UNIT_HIGH
    source_top = foot - _SOURCE_HIGH
    if source_top - top < _LEAST_HIGH:
        raise UsageError(
            f"The layout '{layout.name}' of {template} has no room below its title.",
            "Add a layout with a title alone.",
        )
    return Deck(
        show,
        layout,
        title.left.inches,
        title.width.inches,
        top,
        source_top - _ABOUT_HIGH,
        range_top,
        source_top,
        _colours_of(layout),
        TitleBox(_points_of(title, layout), title.width.inches, title.height.inches),
    )


def _remove_slides(show: Any) -> None:
    """Take the slides of a template out, as they are examples; layouts and pictures stay."""
    slides = show.slides._sldIdLst
    for slide in list(slides):
        show.part.drop_rel(slide.rId)
        slides.remove(slide)


def _layout_with_a_title(show: Any, template: str) -> Any:
    """Choose the layout with a title and the fewest other things to fill in."""
    with_titles = []
    for layout in show.slide_layouts:
        indices = [shape.placeholder_format.idx for shape in layout.placeholders]
        if 0 in indices:
            others = sum(1 for shape in layout.placeholders if not _is_filled(shape)) - 1
            with_titles.append((others, layout))
    if not with_titles:
        raise UsageError(
            f"{template} has no layout with a title.", "Add one to its slide master, with a title."
        )
    _, best = min(with_titles, key=lambda pair: pair[0])
    return best


def _points_of(title: Any, layout: Any) -> float:
    """Find the size of titles: stated on the layout, or by the master."""
    for element, path in (
        (title._element, f".//{_DRAWING}defRPr"),
        (layout.slide_master._element, f".//{_SLIDE}titleStyle//{_DRAWING}defRPr"),
    ):
        stated = element.find(path)
        if stated is not None and stated.get("sz"):
            return float(stated.get("sz")) / 100
    return _USUAL_TITLE


def _is_filled(shape: Any) -> bool:
    return any(kind in str(shape.placeholder_format.type) for kind in _FILLED)


def _tops_of_feet(layout: Any, high: float) -> Iterator[float]:
    for shape in layout.placeholders:
        top = shape.top.inches
        if _is_filled(shape) and top > high / 2:
            yield top


def _colours_of(layout: Any) -> Colours:
    """Make the colours of a chart from those of a theme: its first accent, its ink and its page."""
    from pptx.oxml import parse_xml

    relations = layout.slide_master.part.rels.values()
    theme = next(one.target_part for one in relations if one.reltype.endswith(_THEME))
    scheme = parse_xml(theme.blob).find(f".//{_DRAWING}clrScheme")
    named: dict[str, str] = {}
    for entry in scheme:
        colour = entry[0]
        text = colour.get("lastClr") or colour.get("val") or ""
        named[entry.tag.removeprefix(_DRAWING)] = f"#{text.lower()}"
    accent = named["accent1"]
    ink = named["dk1"]
    paper = named["lt1"]

    colours = dict(COLOURS, accent=accent, ink=ink, paper=paper)
    for name, share in _TINTS.items():
        colours[name] = _mixed(accent, paper, share)
    for name, share in _GREYS.items():
        colours[name] = _mixed(ink, paper, share)
    for rank, share in enumerate(_PART_TINTS):
        colours[f"part{rank}"] = _mixed(accent, paper, share)
    colours[f"part{len(_PART_TINTS)}"] = _mixed(ink, paper, _GREYS["grey80"])
    return colours


def _mixed(colour: str, paper: str, share: float) -> str:
    """Mix a colour with a share of the page."""
    parts = []
    for start in (1, 3, 5):
        own = int(colour[start : start + 2], 16)
        other = int(paper[start : start + 2], 16)
        parts.append(round(own + share * (other - own)))
    return "#" + "".join(f"{part:02x}" for part in parts)
