"""`growth` as a picture: growth of several series by year."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import Course, Label, Line, Picture
from rural_forecast.errors import UsageError
from rural_forecast.series.growth import Growth, GrowthLine
from rural_forecast.text.numbers import percent
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.several import MOST


def picture(result: Growth, *, title: str = "", logarithmic: bool = False) -> Picture:
    """A line a series; a year without a figure leaves a gap.

    Raises
    ------
    UsageError : more series than can be distinguished, no growth at all, or a logarithmic axis
    """
    if len(result.lines) > MOST:
        raise UsageError(f"{len(result.lines)} series are too many for one picture.", f"Name at most {MOST}.")
    if logarithmic:
        raise UsageError("Growth has no logarithmic axis.", "Leave --log out.")
    lines = tuple(part for place, line in enumerate(result.lines) for part in _lines(line, place))
    if not lines:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years with --since and --until.")
    ends = {line.label: _known(line)[-1] for line in result.lines if _known(line)}
    claim = "; ".join(f"{label} {percent(rate)} in {year}" for label, (year, rate) in ends.items())
    return Picture(
        plot=Course(
            lines=lines,
            labels=tuple(
                Label(_known(line)[-1][1], f"{percent(_known(line)[-1][1])} {line.label}", fan.tone(place))
                for place, line in enumerate(result.lines)
                if _known(line)
            ),
        ),
        title=title or "Growth side by side",
        claim=claim,
        unit="growth on the year before, percent",
        source=fan.source(*(line.series for line in result.lines), credit=""),
        alternative=f"Line chart of growth by year. {claim}.",
    )


def _known(line: GrowthLine) -> list[tuple[int, float]]:
    return [(point.year, point.growth_pct) for point in line.points if point.growth_pct is not None]


def _lines(line: GrowthLine, place: int) -> Iterator[Line]:
    name, run = line.label, list[tuple[int, float]]()
    for year, rate in [*_known(line), (10**6, 0.0)]:
        if run and year != run[-1][0] + 1:
            years, rates = zip(*run, strict=True)
            yield Line(name, years, rates, fan.tone(place))
            name, run = "", []
        run.append((year, rate))
