"""`growth` as a picture: growth of several series by year."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, Course, Label, Panels, Picture
from rural_forecast.errors import UsageError
from rural_forecast.series.growth import Growth, GrowthLine
from rural_forecast.text.numbers import percent
from rural_forecast.views.about import title_of
from rural_forecast.views.pictures.course import pieces, source, tone
from rural_forecast.views.pictures.several import MOST


def picture(result: Growth) -> Picture:
    """A line a series; a year without a figure leaves a gap. Of many series, each has a panel, on one axis.

    Raises UsageError if no growth is known.
    """
    known = [(_name(line), rates) for line in result.lines if (rates := _known(line))]
    if not known:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years.")
    plot: Course | Panels
    if len(known) > MOST:
        also = tuple(rate for _, rates in known for _, rate in rates)
        plot = Panels(
            tuple(
                Picture(
                    Course(tuple(pieces("growth", dict(rates), MAIN)), labels=(_end(rates, "", MAIN),), also=also),
                    title=name,
                )
                for name, rates in known
            )
        )
    else:
        lines = tuple(piece for at, (name, rates) in enumerate(known) for piece in pieces(name, dict(rates), tone(at)))
        labels = tuple(_end(rates, name, tone(at)) for at, (name, rates) in enumerate(known))
        plot = Course(lines=lines, labels=labels)
    claim = _claim([(name, *rates[-1]) for name, rates in known])
    return Picture(
        plot=plot,
        title="Growth on the year before",
        claim=claim,
        unit="percent",
        source=source(*(line.series for line in result.lines), credit=""),
        alternative=f"Line chart of growth by year. {claim}. The numbers are in the table.",
    )


def _name(line: GrowthLine) -> str:
    return title_of(line.series) if line.series.title else line.label


def _known(line: GrowthLine) -> list[tuple[int, float]]:
    return [(point.year, point.growth_pct) for point in line.points if point.growth_pct is not None]


def _end(rates: list[tuple[int, float]], name: str, ink: int) -> Label:
    return Label(rates[-1][1], percent(rates[-1][1]), name, ink)


def _claim(ends: list[tuple[str, int, float]]) -> str:
    """Which series grew fastest in the last year that all have; else the last growth of the first."""
    name, year, rate = max(ends, key=lambda end: end[2])
    if len(ends) == 1 or len({year for _, year, _ in ends}) > 1:
        return "; ".join(f"{name}: {percent(rate)} in {year}" for name, year, rate in ends[:MOST])
    slowest, _, least = min(ends, key=lambda end: end[2])
    return f"{name} grew fastest in {year}, by {percent(rate)}, and {slowest} least, by {percent(least)}"
