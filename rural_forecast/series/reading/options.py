"""How a file is to be read, as a user may say it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple, get_args

from rural_forecast.errors import UsageError
from rural_forecast.series.observation import Measure

MEASURES: tuple[str, ...] = get_args(Measure)


class ReadOptions(NamedTuple):
    """Facts that the file does not state. None means 'recognise it', or that the file has none."""

    encoding: str | None = None  # name of a text encoding; without it UTF-8, or what fits the bytes
    period_column: str | None = None
    value_column: str | None = None
    id_column: str | None = None
    sheet: str | None = None  # name of a sheet, its cells, or both: `Data`, `A3:D20`, `Data!B2`
    decimal: str | None = None  # the decimal mark, `,` or `.`; the other one parts the thousands
    allow_gaps: bool = False  # accept missing years. Nothing is filled
    series_id: str | None = None  # read this series alone; the values of others are not looked at
    unit: str | None = None  # unit of series whose file gives none
    where: tuple[str, ...] = ()  # conditions `COLUMN=VALUE` on the labels of the rows that are read
    as_of: date | None = None  # years that are not over by this day are published figures; without it none is
    actuals_until: int | None = None  # the last year of history; later values are published figures
    measure: str | None = None  # flow, stock, rate, growth or price, whatever the file says

    def dated(self) -> ReadOptions:
        """These options, with today as the day by which years must be over where none is stated."""
        return self if self.as_of else self._replace(as_of=datetime.now(UTC).date())


def check(options: ReadOptions) -> None:
    """Raise UsageError for a measure or a decimal mark that there is not, or conditions that are no list."""
    where: object = options.where
    if isinstance(where, str):
        raise UsageError(f"where is a list of conditions, not {where!r}.", f"Write where=[{where!r}].")
    asked = (("measure", options.measure, MEASURES), ("decimal mark", options.decimal, (",", ".")))
    for what, given, known in asked:
        if given is not None and given not in known:
            raise UsageError(f"'{given}' is not a {what}.", f"Use one of {' '.join(known)}.")
