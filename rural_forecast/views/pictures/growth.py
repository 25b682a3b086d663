"""`growth` as a picture: a line a series on one axis of percent; of many series, each has a panel."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, Course, Label, Panels, Picture
from rural_forecast.errors import UsageError
from rural_forecast.series.growth import Growth, GrowthLine
from rural_forecast.text.headline import short
from rural_forecast.text.numbers import percent
from rural_forecast.text.style import Digits
from rural_forecast.text.wording import capital, spans
from rural_forecast.views.about import title_of
from rural_forecast.views.pictures.course import pieces, source, tone

MOST_TOGETHER = 6
"""Series in one drawing; of more, each has a panel of its own."""


def picture(result: Growth) -> Picture:
    """A line a series; a year without a figure leaves a gap. Of many series, each has a panel, on one axis.

    Raises UsageError if no growth is known.
    """
    known = [(_name(line), rates) for line in result.lines if (rates := _rates(line))]
    if not known:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years.")
    known = _told_apart(known)
    plot: Course | Panels
    if len(known) > MOST_TOGETHER:
        also = tuple(rate for _, rates in known for _, rate in rates)
        plot = Panels(
            tuple(
                Picture(
                    Course(tuple(pieces("growth", dict(rates), MAIN)), labels=(_rate(rates, "", MAIN),), also=also),
                    title=name,
                )
                for name, rates in known
            )
        )
    else:
        lines = tuple(piece for at, (name, rates) in enumerate(known) for piece in pieces(name, dict(rates), tone(at)))
        labels = tuple(_rate(rates, name, tone(at)) for at, (name, rates) in enumerate(known))
        plot = Course(lines=lines, labels=labels)
    title = _fastest([(name, *rates[-1]) for name, rates in known])
    years = sorted({year for _, rates in known for year, _ in rates})
    return Picture(
        plot=plot,
        title=title,
        about=f"Growth on the year before, {spans(years)}",
        unit="%",
        amounts=Digits("%", 1.0, 0.1),
        source=source(*(line.series for line in result.lines), credit=""),
        alternative=f"Line chart of growth on the year before. {title}.",
    )


def _name(line: GrowthLine) -> str:
    name = short(title_of(line.series)) if line.series.title else line.label
    return name.removeprefix("Growth of ")


def _told_apart(known: list[tuple[str, list[tuple[int, float]]]]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Leave out the words that all names begin with."""
    names = [name.split() for name, _ in known]
    same = 0
    while (
        len(names) > 1
        and len({tuple(name[: same + 1]) for name in names}) == 1
        and all(len(name) > same + 1 for name in names)
    ):
        same += 1
    return [(" ".join(name[same:]), rates) for name, (_, rates) in zip(names, known, strict=True)]


def _rates(line: GrowthLine) -> list[tuple[int, float]]:
    return [(point.year, point.growth_pct) for point in line.points if point.growth_pct is not None]


def _rate(rates: list[tuple[int, float]], name: str, ink: int) -> Label:
    return Label(rates[-1][1], percent(rates[-1][1]), name, ink, strong=ink == MAIN)


def _fastest(ends: list[tuple[str, int, float]]) -> str:
    """Name the series that grew fastest in the last year that all have; else the last growth of the first."""
    name, year, rate = max(ends, key=lambda end: end[2])
    if len(ends) == 1 or len({year for _, year, _ in ends}) > 1:
        name, year, rate = ends[0]
        return capital(f"{name}: {percent(rate)} in {year}")
    return capital(f"{name} grew fastest in {year}, by {percent(rate, ',.1f')}")
