"""The tables of a model file other than its drivers: the top, stages, correlations and the top-down series."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from rural_forecast.sizing.correlation import Pair
from rural_forecast.sizing.driver_table import Driver, DriverTable
from rural_forecast.sizing.expression import FUNCTIONS
from rural_forecast.sizing.formulas import YEAR
from rural_forecast.sizing.series_table import FromSeries, SeriesTable
from rural_forecast.toml.table import Table, TableError, Text, filled

MOST_YEARS = 101
MOST_DRIVERS = 200
"""Derived ones included; each costs a hundred thousand draws a year."""
MOST_STAGES = 50
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)


def _years(value: Any) -> tuple[int, ...]:
    """`2027`, `[2026, 2027]` or `"2026..2030"`."""
    listed = value if isinstance(value, list) else [value]
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        first, last = int(match[1]), int(match[2])
        if last < first:
            raise TableError.of("years_backwards", first=first, last=last)
        listed = list(range(first, min(last, first + MOST_YEARS) + 1))
    for year in listed:
        if isinstance(year, bool) or not isinstance(year, int) or not 1 <= year <= 9999:
            raise TableError.of("not_a_year_to_size", written=year)
    if not listed or len(listed) > MOST_YEARS:
        raise TableError.of("too_many_years" if listed else "no_years", most=MOST_YEARS)
    return tuple(sorted(set(listed)))


def _name(name: str) -> str:
    """A name that a formula can use and that means nothing else."""
    if name in RESERVED:
        raise TableError.of("reserved_name", name=name)
    if not re.fullmatch(r"[^\W\d]\w*", name):
        raise TableError.of("name_not_for_formulas", name=name)
    return name


_Name = Annotated[str, AfterValidator(_name)]


def _short(key: str) -> BeforeValidator:
    """A text in place of a table is the value of its main key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class _Stage(Table):
    otherwise = "not_a_stage"
    formula: Text = Field(description="no_stage_formula")
    title: Text = ""
    unit: Text = ""
    note: Text = ""


def _between(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2 or len({name for name in value if isinstance(name, str)}) != 2:
        raise TableError.of("not_two_drivers")
    return value


def _correlation(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise TableError.of("not_a_correlation", written=value)
    return float(value)


class _Pair(Table):
    otherwise = "not_a_pair"
    between: Annotated[Any, AfterValidator(_between)] = Field(description="no_between")
    value: Annotated[Any, AfterValidator(_correlation)] = Field(description="no_correlation")
    note: Text = ""

    def pair(self, drivers: dict[str, Driver]) -> Pair:
        """The pair, whose drivers must vary."""
        for name in self.between:
            if name not in drivers:
                raise TableError.of("no_driver_with_value", "between", name=name, known=tuple(drivers))
            value = drivers[name].value
            if not isinstance(value, dict | FromSeries) and value.certain:
                raise TableError.of("driver_is_fixed", "between", name=name)
        return Pair(self.between[0], self.between[1], self.value, self.note)


class TopDownTable(SeriesTable):
    """The series whose forecast a stage is compared with."""

    otherwise = "not_a_top_down"
    stage: Text = ""


class ModelTable(Table):
    """The whole file."""

    title: Text = ""
    note: Text = ""
    unit: Text = Field(description="no_unit")
    years: Annotated[tuple[int, ...], BeforeValidator(_years)] = ()
    formula: Text | None = None
    stages: Annotated[
        dict[_Name, Annotated[_Stage, _short("formula")]],
        filled("no_stages", MOST_STAGES),
    ] = Field(default_factory=dict)
    top_down: Annotated[TopDownTable, _short("series")] | None = None
    drivers: Annotated[dict[_Name, DriverTable], filled("drivers_empty", MOST_DRIVERS)] = Field(
        description="no_drivers"
    )
    correlations: list[_Pair] = Field(default_factory=list)
