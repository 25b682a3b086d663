"""`scenario` as a picture: the baseline with its interval, and every scenario."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.document.picture import Course, Label, Line, Picture
from rural_forecast.errors import UsageError
from rural_forecast.scenarios.scenario import Scenarios
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.several import MOST


def picture(result: Scenarios, *, title: str = "", logarithmic: bool = False) -> Picture:
    """History, baseline and scenarios.

    Raises
    ------
    UsageError : more scenarios than can be distinguished
    """
    if len(result.outcomes) >= MOST:
        raise UsageError(f"{len(result.outcomes)} scenarios are too many for one picture.", f"Give at most {MOST - 1}.")
    base = result.baseline
    series, write = base.history.series, amounts_of(base)
    ends = [("baseline", float(base.best.values[-1]))]
    ends += [(one.scenario.name, float(one.path.values[-1])) for one in result.outcomes]
    claim = f"{base.target}: {', '.join(f'{name} {write(value)}' for name, value in ends)} {write.unit}".rstrip()
    paths = [base.best.values, *(one.path.values for one in result.outcomes)]
    plot = Course(
        lines=(
            *fan.earlier(base),
            Line("observed", base.history.years, tuple(base.history.values.tolist())),
            *(
                Line(name, *fan.path(base, path.tolist()), tone=fan.tone(place), dash="dashed")
                for place, ((name, _), path) in enumerate(zip(ends, paths, strict=True))
            ),
        ),
        bands=(fan.band(base, 0, f"{base.levels[0]} %"),),
        labels=tuple(
            Label(value, f"{write(value)} {name}", fan.tone(place), strong=place == 0)
            for place, (name, value) in enumerate(ends)
        ),
        origin=base.origin,
    )
    name = title or f"Scenarios of {series.title or series.id}"
    reasons = (f"{one.scenario.name}: {one.scenario.reason}" for one in result.outcomes if one.scenario.reason)
    drawn = fan.of_series(plot, write, claim, series, title=name, logarithmic=logarithmic)
    return replace(drawn, subtitle="; ".join(reasons))
