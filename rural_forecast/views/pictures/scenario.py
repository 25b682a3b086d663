"""`scenario` as a picture: the baseline with its interval, every scenario beside it."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, Course, Label, Line, Picture
from rural_forecast.errors import UsageError
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.several import MOST


def picture(result: Scenarios, *, title: str = "", logarithmic: bool = False) -> Picture:
    """History, baseline and scenarios.

    Raises
    ------
    UsageError : more scenarios than can be told apart
    """
    if len(result.outcomes) >= MOST:
        raise UsageError(f"{len(result.outcomes)} scenarios are too many for one picture.", f"Give at most {MOST - 1}.")
    base = result.baseline
    series, write = base.history.series, amounts_of(base)
    ends = [("baseline", float(base.best.values[-1]))]
    ends += [(one.scenario.name, float(one.path.values[-1])) for one in result.outcomes]
    claim = f"{base.target}: {', '.join(f'{name} {write(value)}' for name, value in ends)} {write.unit}".rstrip()
    return Picture(
        plot=Course(
            lines=(
                *fan.earlier(base),
                Line("observed", base.history.years, tuple(base.history.values.tolist())),
                Line("baseline", *fan.path(base, base.best.values.tolist()), tone=MAIN, dash="dashed"),
                *(_line(result, one, place) for place, one in enumerate(result.outcomes, 1)),
            ),
            bands=(fan.band(base, 0, f"{base.levels[0]} %"),),
            labels=tuple(
                Label(value, f"{write(value)} {name}", fan.tone(place), strong=place == 0)
                for place, (name, value) in enumerate(ends)
            ),
            origin=base.origin,
        ),
        title=title or f"Scenarios of {series.title or series.id}",
        claim=claim,
        subtitle="; ".join(
            f"{one.scenario.name}: {one.scenario.reason}" for one in result.outcomes if one.scenario.reason
        ),
        unit=write.unit,
        amounts=write,
        source=fan.source(series),
        alternative=f"Line chart of scenarios. {claim}.",
        logarithmic=logarithmic,
    )


def _line(result: Scenarios, one: Outcome, place: int) -> Line:
    return Line(
        one.scenario.name, *fan.path(result.baseline, one.path.values.tolist()), tone=fan.tone(place), dash="dashed"
    )
