"""Other definitions of the same market: shown beside a series, never joined to it."""

from __future__ import annotations

from datetime import date

from rural_forecast.series.catalogue import load
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.wording import number


def other_definitions(series: Series, year: int, as_of: date | None = None) -> tuple[str, ...]:
    """A sentence for each related series that measures the same: its value in `year`, or in the nearest year both have.

    Only the catalogue knows relations; a file's series has none.
    """
    ours = {seen.period.year: seen.value for seen in observed_years(series, as_of=as_of)} if series.related else {}
    said = []
    for name in series.related:
        other = load().get(name)
        if other.measure != series.measure or other.unit != series.unit:
            continue
        theirs = {seen.period.year: seen.value for seen in observed_years(other, as_of=as_of)}
        common = sorted(ours.keys() & theirs.keys(), key=lambda candidate: (abs(candidate - year), candidate))
        if not common:
            continue
        when = common[0]
        ratio = f", {theirs[when] / ours[when]:.2f} times as much" if ours[when] > 0 else ""
        said.append(
            f"Another definition, {other.title}, gives {number(theirs[when])} {other.unit} for {when}, this one "
            f"{number(ours[when])}{ratio}; the two are never joined. See it with: rural-forecast project {other.id}"
        )
    return tuple(said)
