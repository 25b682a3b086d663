"""Kept forecasts and their outcomes, on one basis and one history."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from rural_forecast.errors import InputError, UsageError
from rural_forecast.notes import Note
from rural_forecast.observed.findings import doubts
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.yearly import ByYear
from rural_forecast.record.kept import KeptSeries
from rural_forecast.record.scored import Scored
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, spans

# Relative change of the value at the origin from which a forecast is scored on both histories.
RESTATED = 0.005
# Ends the author of a forecast that is moved to the restated value at its origin.
REBASED = "rebased"
MOST_YEARS = 6  # that a note gives with their values


def with_outcomes(
    kept: KeptSeries, actual: Series, observed: ByYear, notes: list[Note]
) -> tuple[list[Scored], int]:
    """The forecasts of a series whose years have come, and how many others there are.

    `observed` holds the values of `actual` by year.
    """
    if observed.keys() & {forecast.period for forecast in kept.forecasts}:
        notes += doubts(actual, observed, actual.observations)
    came = {year: row.value for year, row in observed.items()}
    restated = _restated(kept.series, came)

    scored: list[Scored] = []
    broken: set[int] = set()
    moved: dict[tuple[int, int], float] = {}
    due = [forecast for forecast in kept.forecasts if forecast.period in came]
    for forecast in due:
        start = forecast.period if forecast.origin is None else forecast.origin
        ratio, crossed = _ratio_of_bases(actual, start, forecast.period)
        if ratio is None:
            broken.update(crossed)
            continue
        if crossed:
            moved[forecast.period, start] = came[forecast.period] * ratio
        row = Scored(
            actual,
            forecast.author,
            forecast.origin,
            forecast.period,
            forecast.value,
            came[forecast.period] * ratio,
            forecast.bounds,
        )
        scored.append(row)
        before, now = restated.get(forecast.origin or 0, (0.0, 0.0))
        if min(before, now) > 0 and abs(now / before - 1) >= RESTATED:
            scored.append(_rebased(row, now / before))

    if moved:
        notes.append(_on_basis(actual, came, moved))
    if broken:
        text = (
            f"The basis of {actual.id} changes in {spans(broken)}: "
            "forecasts across it are not scored."
        )
        notes.append(Note("later_basis", text, warning=True))
    if restated:
        changes = listed(
            f"{year} from {number(old)} to {number(new)}" for year, (old, new) in restated.items()
        )
        years = changes if len(restated) <= MOST_YEARS else spans(restated)
        text = f"History of {actual.id} was restated: {years}."
        if any(row.author.endswith(REBASED) for row in scored):
            text += (
                " Forecasts are scored as they were, "
                f"and moved to the new value at their origin ('{REBASED}')."
            )
        notes.append(Note("restated", text, warning=True))
    return scored, len(kept.forecasts) - len(due)


def _ratio_of_bases(actual: Series, origin: int, year: int) -> tuple[float | None, list[int]]:
    """Give the factor that puts a value on the basis of an earlier year, and the breaks between.

    None where growth across one of them is not published.
    """
    if origin >= year:
        return 1.0, []
    if not actual.breaks and not actual.growth:
        return 1.0, []  # what says that a basis changes
    with suppress(UsageError, InputError):
        history = annual(actual, until=year, allow_gaps=True)
        crossed = [first for first in history.first_years if origin < first <= year]
        if not crossed:
            return 1.0, []
        if history.origin == year and history.comparable.first <= origin:
            return history.scale_of(origin), crossed
    crossed = [first for first in actual.breaks if origin < first <= year]
    return (None, crossed) if crossed else (1.0, [])


def _on_basis(
    actual: Series, came: Mapping[int, float], moved: Mapping[tuple[int, int], float]
) -> Note:
    """Say which values that came are compared on the basis of the forecast."""
    (year, origin), value = max(moved.items())
    years = spans(sorted({period for period, _ in moved}))
    text = (
        f"{years} of {actual.id} came on a new basis, and count on that of the forecast by "
        f"published growth: {year} is {number(float(f'{value:.4g}'))} on that of {origin}, "
        f"not {number(came[year])}."
    )
    return Note("basis_of_forecast", text)


def _restated(kept: Series, came: Mapping[int, float]) -> dict[int, tuple[float, float]]:
    """The value that was used and the newer one, of the years in which they differ."""
    used: dict[int, list[float]] = {}  # a nowcast has the values of several sources
    for row in kept.observations:
        if row.status != "forecast" and row.period.is_year:
            used.setdefault(row.period.year, []).append(row.value)
    restated = {}
    for year, values in used.items():
        if year in came and came[year] not in values:
            restated[year] = (values[0], came[year])
    return restated


def _rebased(row: Scored, ratio: float) -> Scored:
    """The forecast moved in proportion to the value at its origin."""
    bounds = {level: (lower * ratio, upper * ratio) for level, (lower, upper) in row.bounds.items()}
    author = f"{row.author}, {REBASED}"
    return row._replace(author=author, forecast=row.forecast * ratio, bounds=bounds)
