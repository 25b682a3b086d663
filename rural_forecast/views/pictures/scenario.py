"""`scenario` as a picture: the baseline with its interval, and every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.document.picture import Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.scenarios.scenario import ScenarioPath, Scenarios
from rural_forecast.text.numbers import Amounts
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.pictures.course import band, earlier, observed, of_series, path, tone

MOST_TOGETHER = 2
"""Scenarios in one drawing; more get panels."""


class _Drawn(NamedTuple):
    """The baseline or a scenario."""

    name: str
    values: list[float]
    ranged: ScenarioPath | None = None
    """The path with its intervals, of a scenario that rests on ranges."""

    @property
    def end(self) -> float:
        return self.values[-1]


def picture(result: Scenarios) -> Picture:
    """History, baseline and scenarios: together where they are few, else a panel for each on one axis."""
    base = result.baseline
    series, write = base.history.series, amounts_of(base)
    baseline = _Drawn("baseline", base.best.values.tolist())
    scenarios = [
        _Drawn(
            outcome.scenario.name.replace("_", " "),
            outcome.path.values.tolist(),
            outcome.path if outcome.scenario.ranged else None,
        )
        for outcome in result.outcomes
    ]
    claim = _claim(base.target, baseline, scenarios, write)
    plot: Course | Panels
    if len(result.outcomes) > MOST_TOGETHER:
        values = [value for drawn in (baseline, *scenarios) for value in drawn.values]
        room = max(values), min(values)
        plot = Panels(
            tuple(
                Picture(
                    _course(base, [baseline, drawn], also=room),
                    title=f"{drawn.name}: {write(drawn.end)}",
                    amounts=write,
                )
                for drawn in scenarios
            )
        )
    else:
        plot = _course(base, [baseline, *scenarios])
    name = f"Scenarios of {title_of(series)}"
    reasoned = (outcome.scenario for outcome in result.outcomes if outcome.scenario.reason)
    reasons = (f"{scenario.name.replace('_', ' ')}: {scenario.reason}" for scenario in reasoned)
    return of_series(plot, write, claim, series, title=name, subtitle="; ".join(reasons))


def _claim(year: int, baseline: _Drawn, scenarios: Sequence[_Drawn], write: Amounts) -> str:
    """Set the scenarios against the baseline."""
    low, high = (pick(scenarios, key=lambda drawn: drawn.end) for pick in (min, max))
    there = f"{year} comes to {write.full(low.end)} in '{low.name}'"
    if len(scenarios) > 1:
        there = f"Scenarios for {year} lie between {write(low.end)} ({low.name}) and "
        there += f"{write.full(high.end)} ({high.name})"
    return f"{there}, against {write(baseline.end)} in the baseline"


def _course(base: Forecast, drawn: Sequence[_Drawn], also: tuple[float, ...] = ()) -> Course:
    """The history, and the baseline and scenarios with their ends; a panel, with `also`, has names in its title."""
    write, place, interval = amounts_of(base), base.headline, f"{base.levels[base.headline]} % interval"
    lines, labels = [*earlier(base), observed(base.history)], []
    bands = [band(base, place, f"{interval} of the baseline")]
    for rank, path_of in enumerate(drawn):
        name = "scenario" if also and rank else path_of.name
        lines.append(Line(name, *path(base, path_of.values), tone(rank), "dashed"))
        named = "" if also else path_of.name
        labels.append(Label(path_of.end, write(path_of.end), named, tone(rank), strong=not rank))
        if path_of.ranged and not np.isnan(path_of.ranged.lower).any():
            bands.append(band(base, place, f"{interval} of {path_of.name}", tone(rank), path_of.ranged))
    return Course(tuple(lines), tuple(bands), labels=tuple(labels), origin=base.origin, also=also)
