"""Scores of many forecasts are the sums of those of each alone, to the last digit."""

from collections.abc import Callable

import numpy as np
import pytest

from rural_forecast.forecasting import accuracy
from rural_forecast.observed.observation import Series
from rural_forecast.record import summaries
from rural_forecast.record.scored import Scored

LEVELS = (50, 60, 70, 80, 95, 98)


def _rows(count: int) -> list[Scored]:
    draw = np.random.default_rng(4)
    series = Series("s")
    rows = []
    for _ in range(count):
        point, naive, actual = draw.lognormal(size=3).tolist()
        levels = LEVELS[: draw.integers(1, len(LEVELS) + 1)]
        bounds = {level: (point / (1 + level / 100), point * (1 + level / 100)) for level in levels}
        ranges = {level: (naive / (1 + level / 90), naive * (1 + level / 90)) for level in LEVELS}
        rows.append(Scored(series, "a", 2019, 2020, point, actual, bounds, (naive, ranges)))
    return rows


@pytest.mark.parametrize("measure", [accuracy.crps, summaries._interval_score])
def test_rows_score_together_as_each_alone(measure: Callable[..., np.ndarray]) -> None:
    rows = _rows(40)
    levels = LEVELS if measure is accuracy.crps else LEVELS[:1]
    sums = {"ours": 0.0, "naive": 0.0}
    for row in rows:
        both = [level for level in levels if level in row.bounds]
        assert row.naive is not None
        for author, forecast in (("ours", (row.forecast, row.bounds)), ("naive", row.naive)):
            alone = summaries._ranges_of([forecast], both)
            positions = np.arange(len(both))
            actual = np.array([row.actual])
            sums[author] += summaries._losses(measure, actual, alone, positions, both)[0]
    columns = summaries._columns_of(rows, levels)
    together = summaries._relative(columns, levels, range(len(levels)), measure)
    assert together == sums["ours"] / sums["naive"]
