"""The arguments of publishers, each by its latest figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from rural_forecast.forecasting.pool import last_day, left_out, quantiles_of
from rural_forecast.forecasting.result import Forecast, Voice
from rural_forecast.record.arguments.argument import SCORES, Argument, observed_outside


def of_publishers(trend: Forecast) -> Iterator[Argument]:
    """One argument a publisher, of its latest figure for the target year; its ranges for earlier
    years are its record.
    """
    last_known = last_day(trend.history)
    year = trend.target
    history = trend.history
    ours = trend.spread.values_at(np.repeat(SCORES[:, None], len(trend.years), axis=1))[:, -1]
    by_author = {}
    for other in sorted(trend.published, key=lambda other: other.published_latest or date.min):
        if other.period.year == year and left_out(other, trend, last_known) is None:
            by_author[other.author] = other
    actual = dict(zip(history.years, history.values.tolist(), strict=True))
    for author, view in by_author.items():
        ranged = 0
        missed = {}
        for earlier in trend.published:
            when = earlier.period.year
            if earlier.author != author or when not in actual:
                continue
            if earlier.interval is None or not earlier.period.is_year:
                continue
            ranged += 1
            outside = observed_outside(
                earlier.interval.lower, earlier.interval.upper, actual[when], when
            )
            if outside:
                missed[when] = outside
        quantiles = quantiles_of(Voice(author, {year: view}), year, trend.spread, ours, SCORES)
        yield Argument(
            author,
            quantiles,
            history.series.definition,
            ", ".join(filter(None, (view.dated, view.note))),
            held=ranged - len(missed) if ranged else None,
            n=ranged,
            misses=missed.get(history.origin, ""),
            is_point=view.interval is None,
        )
