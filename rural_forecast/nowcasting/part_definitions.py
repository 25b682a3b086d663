"""Whether the parts of a nowcast count what its years count; a part on another definition is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.notes import Note
from rural_forecast.nowcasting.part_bases import Rows
from rural_forecast.nowcasting.part_shares import Range
from rural_forecast.nowcasting.parts import Choice, Part
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.observation import Series

LEVEL = 99
"""Of the annual forecast's interval that a part is held against."""


def _overrule() -> str:
    """What to do about a part that is refused though it is right."""
    return f"If it counts the same as the years, add {option('same_definition', True)}"


def known_elsewhere(series: Series, typed: Sequence[Part], known: Rows, *, same_definition: bool) -> Iterator[Note]:
    """A warning for each part that the catalogue has under another definition, where that is overruled.

    Raises
    ------
    InputError : there is such a part, and it is not overruled
    """
    given = [(part.period, part.value) for part in typed if part.value is not None]
    if series.file:
        given += [(period, one.value) for period, one in known.levels.items() if not period.is_year]
    for found in elsewhere(series, dict(given).items()):
        if not same_definition:
            where = known.levels[found.period].place if found.period in known.levels else ""
            raise InputError(
                f"{where}{': ' if where else ''}{found.note}.",
                f"{_overrule()}; or nowcast {found.series.label}, which has it.",
            )
        yield Note("other_definition", {"what": found.note}, warning=True)


def contradiction(
    series: Series, choice: Choice, far: Range, annual: Forecast | None, year: int, *, same_definition: bool
) -> Iterator[Note]:
    """A warning where the years that a part allows lie outside the far interval of the annual forecast.

    Parts of the catalogue are on the definition of their series. About one real year in a thousand is refused.

    Parameters
    ----------
    far : the smallest and the largest year that the part allows, by the usual shares

    Raises
    ------
    InputError : they do, and it is not overruled
    """
    typed = any(part.given for part in choice.used)
    if annual is None or choice.value is None or not (typed or series.file):
        return
    place = annual.levels.index(LEVEL)
    low, high = (float(side[place, -1]) for side in (annual.best.lower, annual.best.upper))
    if low <= 0 or (far.low <= high and low <= far.high):
        return
    above = far.low > high
    fields = {
        "value": choice.value,
        "months": choice.months,
        "year": year,
        "series": series.id,
        "implied": far.low if above else far.high,
        "limit": high if above else low,
        "above": above,
        "unit": series.unit,
        "level": LEVEL,
    }
    what = Note("unlikely_year", fields)
    if not same_definition:
        where = "" if typed else choice.used[0].place
        raise InputError(f"{where}{': ' if where else ''}{what}.", f"Check its unit and its definition. {_overrule()}.")
    yield Note("part_contradicts", {"what": what}, warning=True)
