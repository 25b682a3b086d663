"""Series that are the sum of the others of their file: a `Total` row is no further region."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from rural_forecast.series.observation import Series
from rural_forecast.series.reading.column_names import normalised

_NAMES = r"(?:grand_|sub_?|world_|overall_)?(?:totals?|sum)(?:_.*)?|.*_total|world|worldwide|global|all(?:_.*)?"
_CHINESE = r"(?:总|合|小|共)计.*|.*(?:合计|总计)|总和|总额|全国|全球|世界|全部"
_HINT = re.compile(r"tot|sum|world|global|all|计|总|全", re.IGNORECASE)
"""What any of these names holds: a quick look, for a batch has millions of names."""
TOLERANCE = 0.02
"""How far a total may be from the sum of the others, as a part of it: rounding, and a region that is missing."""


def is_total_name(series_id: str) -> bool:
    """Whether a name is that of a sum.

    >>> [is_total_name(name) for name in ("Total", "Grand total", "合计", "World", "Totnes", "Allier")]
    [True, True, True, True, False, False]
    """
    if not _HINT.search(series_id):
        return False
    name = normalised(series_id)
    return re.fullmatch(_NAMES, name) is not None or re.fullmatch(_CHINESE, name) is not None


def totals(series: Mapping[str, Mapping[int, float]]) -> list[str]:
    """The series with the name of a sum whose values, in years that others have as well, are about that sum.

    `series`: values by year, by id.

    >>> totals({"North": {2023: 10.0}, "South": {2023: 20.0}, "Total": {2023: 30.0}})
    ['Total']
    """
    candidates = [name for name in series if is_total_name(name)]
    if not candidates or len(candidates) == len(series):
        return []
    sums: Counter[int] = Counter()
    for name, values in series.items():
        if name not in candidates:
            sums.update(values)
    return [name for name in candidates if is_sum(series[name], sums)]


def is_sum(values: Mapping[int, float], sums: Mapping[int, float]) -> bool:
    """Whether values are about these sums in most of the years that both have."""
    common = [year for year in values if year in sums and values[year]]
    close = sum(abs(values[year] - sums[year]) <= TOLERANCE * abs(values[year]) for year in common)
    return bool(common) and close > len(common) / 2


def yearly(series: Series) -> dict[int, float]:
    """The first value of each year of a series, forecasts left aside."""
    values: dict[int, float] = {}
    for seen in series.observations:
        if seen.status != "forecast" and seen.period.is_year:
            values.setdefault(seen.period.year, seen.value)
    return values
