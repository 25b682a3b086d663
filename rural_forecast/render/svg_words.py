"""The words of a picture: what each year shows, and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.document.picture import Columns, Course, Panels
from rural_forecast.render import key
from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_course import PANEL_TICKS, TICKS
from rural_forecast.render.svg_parts import Drawing, sample, swatch

if TYPE_CHECKING:
    from rural_forecast.document.picture import Line, Picture


class Reading(NamedTuple):
    """What the picture shows of a year."""

    head: str
    """The year and the unit."""
    parts: tuple[tuple[str, int], ...]
    """Names with their numbers, each with the level of its band, 0 for what is no band."""


def readings(plot: Course, picture: Picture) -> dict[float, Reading]:
    """The values of every year, in words."""
    amount = picture.amounts
    texts: dict[float, list[tuple[str, int]]] = {}
    for line in plot.lines:
        start = 1 if line.dash == "dashed" else 0
        for x, y in list(zip(line.xs, line.ys, strict=True))[start:]:
            texts.setdefault(x, []).append((f"{_name(plot, line)} {amount(y)}".strip(), 0))
    several = len({band.tone for band in plot.bands}) > 1
    for band in sorted(plot.bands, key=lambda band: band.level):
        if several or not band.name:
            continue
        for x, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
            if upper > lower:
                text = f"{prose(band.name)}: {amount(lower)} to {amount(upper)}"
                texts.setdefault(x, []).append((text, band.level))
    for mark in (mark for mark in plot.marks if mark.shape != "none"):
        texts.setdefault(mark.x, []).append((prose(mark.text) or f"published {amount(mark.y)}", 0))
    measure = f", {prose(picture.unit)}" if picture.unit else ""
    return {x: Reading(f"{x:.0f}{measure}", tuple(parts)) for x, parts in sorted(texts.items())}


def _name(plot: Course, line: Line) -> str:
    """The name of a line, or of another of the same tone where it has none."""
    return prose(line.name or next((other.name for other in plot.lines if other.tone == line.tone and other.name), ""))


class Entry(NamedTuple):
    """A sign with what it means."""

    sample: Drawing
    text: str
    direct: bool
    """Whether a label of the wide drawing names the thing already."""


def legend(picture: Picture, ticks: int = TICKS) -> list[Entry]:
    """What the signs mean."""
    plot = picture.plot
    if isinstance(plot, Panels):
        return _of_panels(plot)
    if not isinstance(plot, Course):
        kind = "column" if isinstance(plot, Columns) else "bar"
        return [Entry(swatch(tone, kind), text, direct=False) for text, tone in plot.key]
    entries = key.entries(plot, scales.of(picture, ticks), picture.amounts)
    return [Entry(sample(entry.thing, plot.levels), prose(entry.text), entry.direct) for entry in entries]


def _of_panels(plot: Panels) -> list[Entry]:
    """The signs of all panels, each once; where a band is cut, with the title of the panel."""
    entries: dict[str, Entry] = {}
    for picture in plot.pictures:
        for entry in legend(picture, PANEL_TICKS):
            cut = "cut off here" in entry.text
            text = f"{prose(picture.title)}: {entry.text}" if cut else entry.text
            entries.setdefault(text, entry._replace(text=text, direct=False))
    return list(entries.values())
