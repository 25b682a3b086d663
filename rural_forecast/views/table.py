"""Tables that several commands share: a value with its range in each row, the rows of the contract
that machine formats write, and the columns of both.

`ranged` makes what people see: one value a row, its range, and a span that a terminal draws beside
it. `actual_rows` and `path_rows` make the rows of the contract, in the order of `row_columns`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite, isnan
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar, cast

from rural_forecast.document.table import Cell, Column, Kind, Sign, Span, Table, Tone
from rural_forecast.models.base import Array
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.question.question import DEFAULT_LEVELS, headline
from rural_forecast.text.numbers import Amounts, given_places, in_unit

T = TypeVar("T")
Field = Column | tuple[Column, Callable[[T], Cell]]
"""A column with the function that gives its cell of an item; a column alone is filled by the
attribute that its key names.
"""
Ends = Sequence[tuple[Cell, Cell]]  # lower and upper bound at each level
YEAR = Column("period", "Year", "year")
CLOSE = 5  # percent below which growth has a decimal


class ForecastPath(Protocol):
    """The forecast of a model or a scenario: it may end before the target."""

    @property
    def values(self) -> Array:
        """The medians; shape (years,)."""

    @property
    def lower(self) -> Array:
        """The lower bounds; shape (level, years)."""

    @property
    def upper(self) -> Array:
        """The upper bounds; shape (level, years)."""


class PathYear(NamedTuple):
    """One year of a path."""

    year: int
    value: float
    ends: Ends


def tabulated(items: Iterable[T], *fields: Field[T], title: str = "") -> Table:
    """Make a table with a row for each item."""
    columns = []
    cells_of = list[Callable[[T], Cell]]()
    for field in fields:
        if isinstance(field, Column):
            columns.append(field)
            cells_of.append(attrgetter(field.key))
        else:
            column, cell_of = field
            columns.append(column)
            cells_of.append(cell_of)
    rows = tuple(tuple(cell_of(item) for cell_of in cells_of) for item in items)
    return Table(tuple(columns), rows, title)


def keyed(spec: str) -> tuple[Column, ...]:
    """Make columns of machine rows from words such as `key` or `key:kind`."""
    columns = []
    for word in spec.split():
        key, _, kind = word.partition(":")
        columns.append(Column(key, kind=cast(Kind, kind or "text")))
    return tuple(columns)


def interval_columns(levels: Sequence[int], write: Amounts | None = None) -> list[Column]:
    """Make a lower and an upper column for each level; people read the two as one range."""
    decimals = write.places if write else None
    factor = write.factor if write else 1.0
    columns = []
    for level in levels:
        title = f"{level} % range"
        lower = Column(f"lower_{level}", title, "number", decimals, factor=factor, amount=True)
        upper = lower._replace(key=f"upper_{level}", title="", ends_range=True)
        columns += [lower._replace(side="down"), upper._replace(side="up")]
    return columns


def value_column(write: Amounts, title: str = "", key: str = "value") -> Column:
    """Make a column of amounts, headed by their unit or by a title.

    The title names a unit that is larger than that of the data, as the numbers are divided by it.
    """
    if title:
        head = f"{title}, {write.unit}" if write.factor != 1 else title
    else:
        head = in_unit(write.unit).strip() or "Value"
    return Column(key, head, "number", write.places, factor=write.factor, amount=True)


def as_given(column: Column, cells: Iterable[Cell]) -> Column:
    """Give each figure of a column the digits with which it was published."""
    figures = (_scaled(cell, column.factor) for cell in cells)
    return column._replace(row_decimals=tuple(given_places(figure or 0.0) for figure in figures))


def growth_column(
    key: str = "growth_pct", title: str = "Growth", decimals: int | None = 1
) -> Column:
    """Make a column of signed percentages.

    In a table of `ranged`, no `decimals` means whole numbers, or one decimal where all are small.
    """
    return Column(key, title, "percent", decimals, sign=True)


def share_column(key: str, title: str) -> Column:
    """Make a column of shares, which people read in whole percents."""
    return Column(key, title, "percent", 0, factor=0.01)


class RangedRow(NamedTuple):
    """A row of `ranged`: a value with its range, and the cells before and behind them."""

    name: Cell
    value: float | None
    ends: Ends = ()
    sign: Sign = "ours"
    before: tuple[Cell, ...] = ()  # between the name and the value
    behind: tuple[Cell, ...] = ()  # behind the range; cells that are missing at the end are empty
    tone: Tone = "plain"
    depth: int = 0
    other: float | None = None  # drawn on the same line of the terminal, without a cell
    other_sign: Sign = "other"

    @property
    def is_observed(self) -> bool:
        """True for a figure that somebody published, False for a forecast of ours."""
        return self.sign in ("observed", "published")


def ranged(
    rows: Iterable[RangedRow],
    name: Column,
    value: Column,
    levels: Sequence[int],
    write: Amounts,
    *,
    before: Sequence[Column] = (),
    behind: Sequence[Column] = (),
    every: bool = False,
    adds_up: bool = False,
    title: str = "",
    most: float | None = None,
) -> Table:
    """Make a table of values with their ranges.

    It has the range that headlines name, and all of them with `every` or if the levels were asked
    for. If the column `adds_up`, ranges have the step of its values. `most` is the largest value
    that the drawing beside it can have.
    """
    rows = tuple(rows)
    headline_index = headline(levels)
    if every or tuple(levels) != DEFAULT_LEVELS:
        shown: Sequence[int] = range(len(levels))
    else:
        shown = (headline_index,)

    if any(row.is_observed for row in rows):
        value = value._replace(row_decimals=tuple(_decimals(row, write) for row in rows))
    if any(row.depth for row in rows):
        name = name._replace(depths=tuple(row.depth for row in rows))

    cells = tuple(_cells(row, shown, len(behind)) for row in rows)
    steps_of_rows: tuple[int, ...] = ()
    if not adds_up:
        steps_of_rows = tuple(_places_of_bounds(row, headline_index, write) for row in rows)
    bounds = interval_columns([levels[index] for index in shown], write)
    columns = (
        name,
        *before,
        value,
        *(column._replace(row_decimals=steps_of_rows) for column in bounds),
        *_with_decimals(behind, cells),
    )
    return Table(
        columns,
        cells,
        title,
        tones=tuple(row.tone for row in rows),
        spans=tuple(_span(row, headline_index, write) for row in rows),
        span_most=most,
    )


def _cells(row: RangedRow, shown: Sequence[int], behind: int) -> tuple[Cell, ...]:
    """Give the cells of a row with the ranges that are shown and so many cells behind them."""
    ends: Ends = [row.ends[index] if row.ends else (None, None) for index in shown]
    missing = (None,) * (behind - len(row.behind))
    return (row.name, *row.before, row.value, *flat(ends), *row.behind, *missing)


def _decimals(row: RangedRow, write: Amounts) -> int:
    """Give the decimals of a value: observed ones have their own, forecasts those of the table."""
    value = _scaled(row.value, write.factor)
    if row.is_observed and value is not None:
        return given_places(value)
    return write.places or 0


def _places_of_bounds(row: RangedRow, headline_index: int, write: Amounts) -> int:
    """Give the decimals of the ranges of a row: those of its value in a sentence."""
    lower, upper = row.ends[headline_index] if row.ends else (None, None)
    if row.value is None or not isinstance(lower, float) or not isinstance(upper, float):
        return write.places or 0
    return write.of_range(row.value, lower, upper).places or 0


def _span(row: RangedRow, headline_index: int, write: Amounts) -> Span | None:
    """Give the marks of a row that a terminal draws beside it."""
    value = _scaled(row.value, write.factor)
    if value is None:
        return None
    lower, upper = row.ends[headline_index] if row.ends else (None, None)
    low = _scaled(lower, write.factor)
    high = _scaled(upper, write.factor)
    other = _scaled(row.other, write.factor)
    # The first mark is drawn over the other one: what was observed goes over its forecast.
    if row.other_sign == "observed" and other is not None:
        return Span(other, low, high, row.other_sign, value, row.sign)
    return Span(value, low, high, row.sign, other, row.other_sign)


def _scaled(cell: Cell, factor: float) -> float | None:
    """Convert a number to the unit of the table; a text or an empty cell has none."""
    return cell / factor if isinstance(cell, float | int) else None


def _with_decimals(behind: Sequence[Column], cells: Sequence[tuple[Cell, ...]]) -> Iterator[Column]:
    """Set the decimals of growth: one if all rates of a column are small, else none."""
    for index, column in enumerate(behind, start=-len(behind)):
        if not column.sign or column.decimals is not None:
            yield column
            continue
        rates = [row[index] for row in cells]
        largest = max((abs(rate) for rate in rates if isinstance(rate, float)), default=0.0)
        yield column._replace(decimals=1 if largest < CLOSE else 0)


def row_columns(levels: Sequence[int]) -> tuple[Column, ...]:
    """Make the columns of the rows of the contract."""
    return (
        Column("series_id", "Series"),
        YEAR,
        Column("kind", "Kind"),
        Column("model", "Model"),
        Column("value", "Value", "number"),
        *interval_columns(levels),
        growth_column(),
        Column("unit", "Unit"),
    )


def actual_rows(
    series: Series, observations: Iterable[Observation], levels: int
) -> Iterator[tuple[Cell, ...]]:
    """Make the rows of the contract of observations, which are in the order of years."""
    before: float | None = None
    no_bounds: tuple[Cell, ...] = (None,) * (2 * levels)
    for observed in observations:
        yield (
            series.id,
            observed.period.year,
            "actual",
            "",
            observed.value,
            *no_bounds,
            growth(before, observed.value),
            series.unit,
        )
        before = observed.value


def path_rows(
    series: Series, kind: str, model: str, years: Iterable[int], path: ForecastPath, before: float
) -> Iterator[tuple[Cell, ...]]:
    """Make the rows of the contract of a path; `before` is the last value observed."""
    for year, value, ends in steps(years, path):
        yield (series.id, year, kind, model, value, *flat(ends), growth(before, value), series.unit)
        before = value


def steps(years: Iterable[int], path: ForecastPath) -> Iterator[PathYear]:
    """Yield the years of a path up to the last that it gives; a bound that is NaN is missing."""
    for year, value, lower, upper in zip(
        years, path.values.tolist(), path.lower.T.tolist(), path.upper.T.tolist(), strict=False
    ):
        ends = tuple(
            (None, None) if isnan(low) else (low, high)
            for low, high in zip(lower, upper, strict=True)
        )
        yield PathYear(year, value, ends)


def flat(ends: Iterable[tuple[Cell, Cell]]) -> tuple[Cell, ...]:
    """Put the lower and upper bounds of all levels in one row, as the contract has them."""
    return tuple(bound for pair in ends for bound in pair)


def growth(before: float | None, now: float | None) -> float | None:
    """Compute growth in percent; None where it has no meaning or overflows."""
    if before is None or now is None or before <= 0:
        return None
    rate = 100 * (now / before - 1)
    return rate if isfinite(rate) else None


def shown_growth(before: float | None, now: float | None) -> float | None:
    """Compute growth for people, who see none across zero."""
    return None if now is not None and now < 0 else growth(before, now)


def annual(first: float, last: float, years: int) -> float | None:
    """Compute compound growth a year in percent; None where it has no meaning."""
    if years <= 0 or not (first > 0 and last > 0):
        return None
    rate: float = 100 * ((last / first) ** (1 / years) - 1)
    return rate
