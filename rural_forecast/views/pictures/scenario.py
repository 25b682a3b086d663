"""`scenario` as a picture: one panel with the history, the forecast and every scenario."""

from __future__ import annotations

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Label, Line, Picture
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.views.pictures.course import (
    band,
    last_value,
    observed,
    of_series,
    path,
    tone,
    write_of,
)
from rural_forecast.views.scenario import heading


def picture(result: Scenarios) -> Picture:
    """The first scenario has the accent and its range; the forecast and other scenarios are context."""
    base, (first, *others) = result.baseline, result.outcomes
    series, write = base.history.series, write_of(base)
    lines = [observed(base.history)]
    ends = [(_named(first), MAIN, first.path.values.tolist())]
    ends += [("forecast", tone(1), base.best.values.tolist())]
    ends += [(_named(one), tone(at), one.path.values.tolist()) for at, one in enumerate(others, 2)]
    lines += [Line(name, *path(base, values), ink, "dashed") for name, ink, values in reversed(ends)]
    place = base.headline
    ranged = not np.isnan(first.path.lower).any()
    labels = [Label(values[-1], write(values[-1]), name, ink, strong=ink == MAIN) for name, ink, values in ends]
    interval = (band(base, place, "", MAIN, first.path),) if ranged else ()
    plot = Course(tuple(lines), interval, tuple(last_value(base.history, write)), tuple(labels), base.origin)
    head = heading(result, write)
    return of_series(plot, write, head.text, series, subtitle=head.subtitle)


def _named(outcome: Outcome) -> str:
    return outcome.scenario.name.replace("_", " ")
