"""The words of a picture on a page: what each year shows, and what the signs mean with a sample of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.document.picture import Band, Line, Mark
from rural_forecast.render import key
from rural_forecast.render.marks import places
from rural_forecast.render.reading import prose
from rural_forecast.render.svg import SHAPES
from rural_forecast.text.numbers import Amounts

if TYPE_CHECKING:
    from rural_forecast.document.picture import Course, Picture
    from rural_forecast.render.key import Entry
    from rural_forecast.render.scale import Scale


class Reading(NamedTuple):
    """What the picture shows of a year."""

    head: str
    """The year and the unit."""
    parts: tuple[tuple[str, int], ...]
    """Names with their numbers, each with the level of its band, 0 for what is no band."""


def readings(plot: Course, picture: Picture) -> dict[float, Reading]:
    """The values of every year, in words."""
    amount = picture.amounts
    found: dict[float, list[tuple[str, int]]] = {}
    for line in plot.lines:
        start = 1 if line.dash == "dashed" else 0
        for x, y in list(zip(line.xs, line.ys, strict=True))[start:]:
            found.setdefault(x, []).append((f"{_name(plot, line)} {amount(y)}".strip(), 0))
    several = len({one.tone for one in plot.bands}) > 1
    for band in sorted(plot.bands, key=lambda band: band.level):
        if several or not band.name:
            continue
        for x, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
            if upper > lower:
                text = f"{prose(band.name)}: {amount(lower)} to {amount(upper)}"
                found.setdefault(x, []).append((text, band.level))
    for mark in plot.marks:
        found.setdefault(mark.x, []).append((prose(mark.text) or f"published {amount(mark.y)}", 0))
    measure = f", {prose(picture.unit)}" if picture.unit else ""
    return {x: Reading(f"{x:.0f}{measure}", tuple(parts)) for x, parts in sorted(found.items())}


def _name(plot: Course, line: Line) -> str:
    """The name of a line, or of another of the same tone where it has none."""
    return prose(line.name or next((one.name for one in plot.lines if one.tone == line.tone and one.name), ""))


def legend(plot: Course, scale: Scale, amounts: Amounts) -> list[tuple[str, str, bool]]:
    """Samples with their words, each with whether a label of the wide drawing names the thing already."""
    found = [(_sample(entry), prose(entry.text), entry.direct) for entry in key.entries(plot, scale, amounts)]
    named = [place for place in sorted(places(plot, scale), key=lambda place: place.mark.x) if place.mark.text]
    return [*found, *((_mark(mark), f"{mark.x:.0f}: {prose(mark.text)}", shown) for mark, shown, *_ in named)]


def _sample(entry: Entry) -> str:
    thing = entry.thing
    if isinstance(thing, Line):
        return _line(thing)
    if isinstance(thing, Mark):
        return _mark(thing)
    if isinstance(thing, Band):
        return _framed(f'<rect class="band fill{thing.tone}" x="1" y="2" width="22" height="10"/>')
    ink, up = f"ink{thing.band.tone}", thing.upward
    arrow = "M12 12V2m-4 5l4-5l4 5" if up else "M12 2V12m-4-5l4 5l4-5"
    edge = f"M1 {2 if up else 12}H23"
    return _framed(f'<path class="cut {ink}" d="{edge}"/><path class="arrow {ink}" d="{arrow}"/>')


def _line(line: Line) -> str:
    ink = f"{line.dash}{' faint' if line.faint else ''}"
    path = f'<path class="line ink{line.tone} {ink}" d="M0 7H24"/>'
    if not line.dots:
        return _framed(path)
    shape = f"open ink{line.tone}" if line.dash != "solid" else f"fill{line.tone}"
    radius = 2.2 if line.faint else 3.4
    return _framed(f'{path}<circle class="dot {shape}{" faint" if line.faint else ""}" cx="12" cy="7" r="{radius}"/>')


def _mark(mark: Mark) -> str:
    return _framed(f'<path class="mark fill{mark.tone}" transform="translate(12 7)" d="{SHAPES[mark.shape]}"/>')


def _framed(inner: str) -> str:
    return f'<svg class="sample" viewBox="0 0 24 14" width="24" height="14" aria-hidden="true">{inner}</svg>'
