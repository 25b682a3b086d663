"""`scenario` as a picture: the baseline with its interval, and every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.document.picture import Band, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.scenarios.scenario import Scenarios
from rural_forecast.scenarios.scenario_path import ScenarioPath
from rural_forecast.text.numbers import Amounts
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.common import title_of
from rural_forecast.views.pictures import fan

MOST_TOGETHER = 2
"""Scenarios in one drawing; more get panels."""


def picture(result: Scenarios) -> Picture:
    """History, baseline and scenarios: together where they are few, else a panel for each on one axis."""
    base = result.baseline
    series, write = base.history.series, amounts_of(base)
    ends = [("baseline", float(base.best.values[-1]))]
    ends += [(one.scenario.name.replace("_", " "), float(one.path.values[-1])) for one in result.outcomes]
    claim = _claim(base.target, ends, write)
    paths = [base.best.values.tolist(), *(one.path.values.tolist() for one in result.outcomes)]
    ranged = [None, *(one.path if one.scenario.ranged else None for one in result.outcomes)]
    named = [(name, value, path, own) for (name, value), path, own in zip(ends, paths, ranged, strict=True)]
    plot: Course | Panels
    if len(result.outcomes) > MOST_TOGETHER:
        room = (max(max(path) for path in paths), min(min(path) for path in paths))
        pictures = [_course(base, [named[0], one], also=room) for one in named[1:]]
        plot = Panels(
            tuple(
                Picture(course, title=f"{name}: {write(value)}", amounts=write)
                for course, (name, value, *_) in zip(pictures, named[1:], strict=True)
            )
        )
    else:
        plot = _course(base, named)
    name = f"Scenarios of {title_of(series)}"
    reasons = (
        f"{one.scenario.name.replace('_', ' ')}: {one.scenario.reason}"
        for one in result.outcomes
        if one.scenario.reason
    )
    drawn = fan.of_series(plot, write, claim, series, title=name)
    return replace(drawn, subtitle="; ".join(reasons))


def _claim(year: int, ends: list[tuple[str, float]], write: Amounts) -> str:
    """Where the scenarios lie against the baseline."""
    (_, baseline), *others = ends
    (low, least), (high, most) = (pick(others, key=lambda one: one[1]) for pick in (min, max))
    there = f"{year} comes to {write.full(least)} in '{low}'"
    if len(others) > 1:
        there = f"Scenarios for {year} lie between {write(least)} ({low}) and {write.full(most)} ({high})"
    return f"{there}, against {write(baseline)} in the baseline"


def _course(
    base: Forecast, named: Sequence[tuple[str, float, list[float], ScenarioPath | None]], also: tuple[float, ...] = ()
) -> Course:
    """The history, and the baseline and scenarios with their ends."""
    write, single = amounts_of(base), bool(also)
    return Course(
        lines=(
            *fan.earlier(base),
            fan.observed(base.history),
            *(
                Line("scenario" if single and place else name, *fan.path(base, path), fan.tone(place), "dashed")
                for place, (name, _, path, _) in enumerate(named)
            ),
        ),
        bands=(
            fan.band(base, base.headline, f"{base.levels[base.headline]} % interval of the baseline"),
            *(
                _band(base, own, f"{base.levels[base.headline]} % interval of {name}", fan.tone(place))
                for place, (name, _, _, own) in enumerate(named)
                if own and not np.isnan(own.lower).any()
            ),
        ),
        labels=tuple(
            Label(value, write(value) if single else f"{write(value)} {name}", fan.tone(place), strong=place == 0)
            for place, (name, value, *_) in enumerate(named)
        ),
        origin=base.origin,
        also=also,
    )


def _band(base: Forecast, own: ScenarioPath, name: str, tone: int) -> Band:
    """The interval of a scenario that rests on ranges."""
    (years, lower), (_, upper) = (fan.path(base, side[base.headline].tolist()) for side in (own.lower, own.upper))
    return Band(name, years, lower, upper, base.levels[base.headline], tone)
