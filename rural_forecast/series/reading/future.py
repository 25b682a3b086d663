"""Values that are no history: of years that are not over, after the last actual one, or projections by their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rural_forecast.errors import InputError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import shown
from rural_forecast.text.patterns import expression

FIRST = 1000
"""A series that begins before this year is a running index."""
BUDDHIST = range(2443, 2643)
"""Years of the Buddhist calendar that a series may begin in: 1900 to 2099."""
LONE = 3
"""Years after the last of the others from which a single one is asked about."""
_PROJECTED = expression(r"(?i)\b(?:projections?|projected|forecasts?|forecasted|outlook|baseline)\b|预测|展望")


def says_projection(text: str) -> bool:
    """True if a label or a title says that values are projections.

    >>> says_projection("Long-term baseline projections"), says_projection("Historical"), says_projection("2020 prices")
    (True, False, False)
    """
    return len(text) <= 300 and _PROJECTED.search(text) is not None


def reaches_ahead(first: Any, last: Any, year: int) -> Any:
    """True if years from `first` to `last`, numbers or arrays, hold one that is not over."""
    return (first >= FIRST) & (last >= year)


def without_future(
    series_id: str, file: str, ordered: Sequence[Observation], stated: Collection[int], options: ReadOptions
) -> tuple[list[Observation], Note | None]:
    """Observations with the years that are not over as published figures, and a note of it.

    `ordered`: in order of period. `stated`: `id` of the observations whose row states their status; they are taken as
    stated. Raises InputError where no year is over, or a lone year far after the others may be a slip.
    """
    history = [obs for obs in ordered if obs.status != "forecast"]
    if not history:
        return list(ordered), None
    begin, until, as_of = history[0].period.year, options.actuals_until, options.as_of
    if until is None and (as_of is None or begin < FIRST):
        return list(ordered), None
    first = as_of.year if until is None else until + 1  # type: ignore[union-attr]
    late = {id(obs): obs for obs in history if obs.period.year >= first and id(obs) not in stated}
    if until is None and begin in BUDDHIST and late:
        raise InputError(
            f"series {shown(series_id)} begins in {begin}, far after today.",
            "Write years of the common era: 2562 of the Buddhist calendar is 2019. If the years are right, add "
            f"{option('actuals_until', begin)}.",
            place=history[0].place,
        )
    if not late:
        return list(ordered), None
    if len(late) == len(history):
        raise InputError(
            f"series {shown(series_id)} has no year that is over by {first - 1}: it begins in {begin}.",
            f"Name its last year of history with {option('actuals_until', begin)}.",
            place=history[0].place,
        )
    years = [obs.period.year for obs in late.values()]
    before = max(obs.period.year for obs in history if id(obs) not in late)
    if until is None and min(years) == max(years) > before + LONE:
        raise InputError(
            f"in series {shown(series_id)} {years[0]} is alone, {years[0] - before} years after {before}.",
            f"Correct the year; or add {option('actuals_until', before)} to take it as a published figure.",
            place=next(iter(late.values())).place,
        )
    name = without_folders(file)
    made = [
        replace(obs, status="forecast", author=obs.author or obs.source or name) if id(obs) in late else obs
        for obs in ordered
    ]
    return made, _note(name, years, as_of, until)


def _note(name: str, years: Sequence[int], as_of: date | None, until: int | None) -> Note:
    named = f"{min(years)} to {max(years)} are" if min(years) < max(years) else f"{years[0]} is"
    read = "read as published forecasts, not as history"
    if until is not None:
        return Note("future_years", f"In {name}, {named} after {until}: {read}.")
    assert as_of is not None
    return Note(
        "future_years",
        f"In {name}, {named} not over by {as_of.year}: {read}. Years before may hold estimates that are not marked.",
        warning=True,
        advice=f"Name the last year of history with {option('actuals_until')}.",
    )


def require_begin(texts: Iterable[str], series_id: str, last: Observation, file: str) -> None:
    """Refuse projections where nothing says in which year they begin.

    `texts`: the title, and the labels of the series. Raises InputError if one of them says projection.
    """
    said = next(filter(says_projection, texts), "")
    if said:
        raise InputError(
            f"{without_folders(file)} says {shown(said)}, and not where the history of {shown(series_id)} ends.",
            f"Name its last year of history: {option('actuals_until', last.period.year - 1)}, say.",
            place=last.place,
        )
