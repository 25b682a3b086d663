"""Tables: declared columns, the rows of the contract, and values with their ranges, which a
terminal draws too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite, isnan
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from rural_forecast.document.table import Cell, Column, Sign, Span, Table, Tone
from rural_forecast.forecasting.question import DEFAULT_LEVELS, headline
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.numbers import Amounts, in_unit, observed_places

T = TypeVar("T")
# And its cell of an item; alone, the attribute of its key.
Field = Column | tuple[Column, Callable[[T], Cell]]
Ends = Sequence[tuple[Cell, Cell]]  # lower and upper bound at each level
CLOSE = 5  # percent below which growth has a decimal


def tabulated(items: Iterable[T], *fields: Field[T], title: str = "") -> Table:
    """A table with a row for each item."""
    pairs = [
        (field, attrgetter(field.key)) if isinstance(field, Column) else field for field in fields
    ]
    rows = tuple(tuple(cell(item) for _, cell in pairs) for item in items)
    return Table(tuple(column for column, _ in pairs), rows, title)


def keyed(spec: str) -> tuple[Column, ...]:
    """Columns of machine rows from `key` or `key:kind`."""
    parts: Any = (part.partition(":") for part in spec.split())
    return tuple(Column(key, kind=kind or "text") for key, _, kind in parts)


def interval_columns(levels: Sequence[int], write: Amounts | None = None) -> list[Column]:
    """A lower and an upper column a level; people read the two as one range."""
    places = write and write.places
    factor = write.factor if write else 1.0
    columns = list[Column]()
    for level in levels:
        columns.append(
            Column(f"lower_{level}", f"{level} % range", "number", places, factor=factor)
        )
        columns.append(
            Column(f"upper_{level}", "", "number", places, ends_range=True, factor=factor)
        )
    return columns


def value_column(write: Amounts, title: str = "", key: str = "value") -> Column:
    """A column of amounts, headed by their unit, or by a title; a larger unit than that of the data
    is always named.
    """
    unit = f", {write.unit}" if write.factor != 1 else ""
    head = f"{title}{unit}" if title else in_unit(write.unit).strip() or "Value"
    return Column(key, head, "number", write.places, factor=write.factor)


def growth_column(
    key: str = "growth_pct", title: str = "Growth", decimals: int | None = 1
) -> Column:
    """A column of signed percentages; without `decimals` they are whole, or have one where all of
    them are small.
    """
    return Column(key, title, "percent", decimals, sign=True)


def share_column(key: str, title: str) -> Column:
    """A column of shares, which people read in whole percents."""
    return Column(key, title, "percent", 0, factor=0.01)


class Row(NamedTuple):
    """A value with its ranges; cells of further columns are before the value or behind the range,
    if not missing.
    """

    name: Cell
    value: float | None
    ends: Ends = ()
    sign: Sign = "ours"
    before: tuple[Cell, ...] = ()
    behind: tuple[Cell, ...] = ()
    tone: Tone = "plain"
    depth: int = 0
    also: float | None = None  # another value drawn in this row
    beside: Sign = "other"


def ranged(
    rows: Iterable[Row],
    name: Column,
    value: Column,
    levels: Sequence[int],
    write: Amounts,
    *,
    before: Sequence[Column] = (),
    behind: Sequence[Column] = (),
    every: bool = False,
    title: str = "",
    most: float | None = None,
) -> Table:
    """A table of rows with one value and the range that headlines name, or `every` one; `most`
    bounds what is drawn.
    """
    rows = tuple(rows)
    drawn = headline(levels)
    shown = range(len(levels)) if every or tuple(levels) != DEFAULT_LEVELS else (drawn,)
    cells = []
    spans = []
    each = []
    for row in rows:
        ends = [end for place in shown for end in (row.ends[place] if row.ends else (None, None))]
        missing = (None,) * (len(behind) - len(row.behind))
        cells.append((row.name, *row.before, row.value, *ends, *row.behind, *missing))
        bounds = row.ends[drawn] if row.ends else (None, None)
        numbers = (
            end if isinstance(end, float | int) else None for end in (row.value, *bounds, row.also)
        )
        at, low, high, also = (None if end is None else end / write.factor for end in numbers)
        marks = (at, low, high, row.sign, also, row.beside)
        if row.beside == "observed" and also is not None:  # it is drawn over the forecast
            marks = (also, low, high, row.beside, at, row.sign)
        spans.append(None if at is None else Span(*marks))
        seen = row.sign in ("observed", "published")
        each.append(observed_places(at) if seen and at is not None else write.places or 0)
    if any(row.sign in ("observed", "published") for row in rows):
        value = value._replace(row_decimals=tuple(each))
    if any(row.depth for row in rows):
        name = name._replace(depths=tuple(row.depth for row in rows))
    further = list(behind)
    for at_column, column in enumerate(behind):
        # Growth, with a decimal where all of it is small.
        if column.sign and column.decimals is None:
            rates = (row[at_column - len(behind)] for row in cells)
            largest = max((abs(rate) for rate in rates if isinstance(rate, float)), default=0.0)
            further[at_column] = column._replace(decimals=int(largest < CLOSE))
    columns = (
        name,
        *before,
        value,
        *interval_columns([levels[place] for place in shown], write),
        *further,
    )
    tones = tuple(row.tone for row in rows)
    return Table(columns, tuple(cells), title, tones=tones, spans=tuple(spans), span_most=most)


def row_columns(levels: Sequence[int]) -> tuple[Column, ...]:
    """The columns of the rows of the contract."""
    about = Column("series_id", "Series"), Column("period", "Year", "year"), Column("kind", "Kind")
    value = Column("model", "Model"), Column("value", "Value", "number")
    return (*about, *value, *interval_columns(levels), growth_column(), Column("unit", "Unit"))


def actual_rows(
    series: Series, observations: Iterable[Observation], levels: int
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for what was observed, in order of years."""
    before: float | None = None
    blank: tuple[Cell, ...] = (None,) * (2 * levels)
    for seen in observations:
        yield (
            series.id,
            seen.period.year,
            "actual",
            "",
            seen.value,
            *blank,
            growth(before, seen.value),
            series.unit,
        )
        before = seen.value


def path_rows(
    series: Series, kind: str, model: str, years: Iterable[int], path: Any, before: float
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for a path, after the last value observed."""
    for year, value, ends in steps(years, path):
        yield (series.id, year, kind, model, value, *flat(ends), growth(before, value), series.unit)
        before = value


def steps(years: Iterable[int], path: Any) -> Iterator[tuple[int, float, Ends]]:
    """The years of a path with their values and bounds, up to the last that it gives."""
    for year, value, lower, upper in zip(
        years, path.values.tolist(), path.lower.T.tolist(), path.upper.T.tolist(), strict=False
    ):
        pairs = zip(lower, upper, strict=True)
        yield year, value, tuple((None, None) if isnan(low) else (low, high) for low, high in pairs)


def flat(ends: Iterable[tuple[Cell, Cell]]) -> tuple[Cell, ...]:
    """Lower and upper bound of every level, as a row of the contract has them."""
    return tuple(bound for pair in ends for bound in pair)


def growth(before: float | None, now: float | None) -> float | None:
    """Growth in percent, or None where it has no meaning or no number holds it."""
    if before is None or now is None or before <= 0:
        return None
    rate = 100 * (now / before - 1)
    return rate if isfinite(rate) else None


def shown_growth(before: float | None, now: float | None) -> float | None:
    """Growth for people, who see none across zero."""
    return None if now is not None and now < 0 else growth(before, now)


def annual(first: float, last: float, years: int) -> float | None:
    """Compound growth a year in percent; None where it has no meaning."""
    return 100 * ((last / first) ** (1 / years) - 1) if years > 0 and first > 0 < last else None
