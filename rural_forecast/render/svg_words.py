"""The words of a picture: what each year shows, and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.render import key
from rural_forecast.render.key import Entry
from rural_forecast.render.marks import places
from rural_forecast.render.reading import prose
from rural_forecast.text.numbers import Amounts

if TYPE_CHECKING:
    from rural_forecast.document.picture import Course, Line, Picture
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


def legend(plot: Course, scale: Scale, amounts: Amounts) -> list[Entry]:
    """What the signs mean; an entry is direct where the wide drawing names the thing already."""
    named = [place for place in sorted(places(plot, scale), key=lambda place: place.mark.x) if place.mark.text]
    return [
        *key.entries(plot, scale, amounts),
        *(Entry(place.mark, f"{place.mark.x:.0f}: {place.mark.text}", place.shown) for place in named),
    ]
