"""`batch` on a terminal: one row a series, with its last value and what it comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.question.question import headline
from rural_forecast.text.numbers import Amounts, digits, given_places, in_unit, percent
from rural_forecast.views.table import (
    Ends,
    RangedRow,
    annual,
    growth_column,
    ranged,
    row_columns,
    value_column,
)

MOST_DRAWN = 12  # series: of more, the largest or the fastest
_NUMBERED = 5  # cells of a row of the contract before its bounds: the last of them is the value


@dataclass(frozen=True, slots=True)
class _LastYear:
    """The last year of a model's forecast of a series, and the last value before it."""

    name: str
    model: str
    unit: str
    year: int
    value: float
    ends: Ends
    origin: int
    last: float

    @property
    def pace(self) -> float | None:
        """Growth a year in percent, from the last value on."""
        return annual(self.last, self.value, self.year - self.origin)


def document(rows: Iterable[tuple[Cell, ...]], levels: Sequence[int], about: Document) -> Document:
    """Make what people see of the rows of a batch with their history; `about` has the rest."""
    rows = tuple(rows)
    columns = row_columns(levels)
    forecasts = Table(columns, tuple(row for row in rows if row[2] == "forecast"))

    def history() -> Table:
        return Table(columns, tuple(row for row in rows if row[2] == "actual"))

    answers = _answers(rows, levels)
    if not answers:
        return about._replace(records=forecasts, observed=history)
    titled = tuple(column._replace(title=column.title or column.key) for column in columns)
    return about._replace(
        records=forecasts,
        observed=history,
        title=_title(answers, *_units(answers)),
        summary=_summary(answers),
        sections=(
            _table(answers, levels),
            Table(titled, forecasts.rows, "Every year"),
        ),
        picture=_picture(answers, levels),
        brief="-f markdown",
    )


def _answers(rows: Iterable[tuple[Cell, ...]], levels: Sequence[int]) -> list[_LastYear]:
    """Find the last row of each forecast of each series; the rows of a series are together."""
    answers = []
    for name, of_series in groupby(rows, key=itemgetter(0)):
        origin = 0
        last = 0.0
        latest = dict[str, tuple[Cell, ...]]()
        for row in of_series:
            _, year, kind, model, value = row[:_NUMBERED]
            if kind == "actual":
                origin = int(str(year))
                last = _number(value)
            elif kind == "forecast":
                latest[str(model)] = row
        for model, row in latest.items():
            bounds = row[_NUMBERED : _NUMBERED + 2 * len(levels)]
            ends = list(zip(bounds[::2], bounds[1::2], strict=True))
            unit = str(row[-1] or "")
            year = int(str(row[1]))
            value = _number(row[4])
            answers.append(_LastYear(str(name), model, unit, year, value, ends, origin, last))
    return answers


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _units(answers: Sequence[_LastYear]) -> list[str]:
    return list(dict.fromkeys(answer.unit for answer in answers))


def _title(answers: Sequence[_LastYear], unit: str, *other_units: str) -> str:
    """Name how many series are forecast, up to when and in which unit."""
    names = {answer.name for answer in answers}
    in_one_unit = f", in {unit}" if unit and not other_units else ""
    return f"{len(names):,} series, forecast to {_end(answers)}{in_one_unit}"


def _end(answers: Sequence[_LastYear]) -> int:
    return max(answer.year for answer in answers)


def _summary(answers: Sequence[_LastYear]) -> tuple[str, ...]:
    """Say between which rates the series grow."""
    paces = [answer.pace for answer in answers if answer.pace is not None]
    if len(paces) < len(answers) or len(paces) <= 1:
        return ()
    slowest = percent(min(paces), "+.0f")
    fastest = percent(max(paces), "+.0f")
    if slowest == fastest:
        return (f"All of them grow {fastest} a year.",)
    return (f"They grow {slowest} to {fastest} a year.",)


def _in_order(answers: Sequence[_LastYear]) -> Sequence[_LastYear]:
    """Put the largest answer first where all have one unit; others stay as they were given."""
    if len(_units(answers)) > 1:
        return answers
    return sorted(answers, key=lambda answer: -answer.value)


def _table(answers: Sequence[_LastYear], levels: Sequence[int]) -> Table:
    """Tabulate the answers, the largest first where all have one unit."""
    unit, *other_units = _units(answers)
    answers = _in_order(answers)
    write = Amounts(unit)
    before, cells_before = _before(answers)
    behind = [growth_column("pace", "A year", None)]
    if other_units:
        behind.append(Column("unit", "Unit"))

    rows = []
    for answer, cells in zip(answers, cells_before, strict=True):
        row = RangedRow(
            answer.name,
            answer.value,
            answer.ends,
            before=cells,
            behind=(answer.pace, answer.unit)[: len(behind)],
        )
        rows.append(row)
    table = ranged(
        rows,
        Column("series_id", "Series"),
        value_column(write, str(_end(answers)))._replace(
            row_decimals=tuple(_places(answer, levels, write) for answer in answers)
        ),
        levels,
        write,
        before=before,
        behind=behind,
    )
    # Values in different units share no axis.
    return table._replace(spans=()) if other_units else table


def _before(answers: Sequence[_LastYear]) -> tuple[list[Column], list[tuple[Cell, ...]]]:
    """Make the columns before the forecasts: the model where there are several, and the last value.

    Its year is the title if all series have the same one.
    """
    several_models = len({answer.model for answer in answers}) > 1
    origins = {answer.origin for answer in answers}
    places = tuple(given_places(answer.last) for answer in answers)
    columns = [Column("last", "Last", "number", row_decimals=places, amount=True)]
    if len(origins) == 1:
        columns = [columns[0]._replace(title=str(*origins))]
    else:
        columns = [Column("origin", "From", "year"), *columns]
    if several_models:
        columns = [Column("model", "Model"), *columns]
    cells = []
    for answer in answers:
        of_answer: tuple[Cell, ...] = (answer.last,)
        if len(origins) > 1:
            of_answer = (answer.origin, *of_answer)
        if several_models:
            of_answer = (answer.model, *of_answer)
        cells.append(of_answer)
    return columns, cells


def _places(answer: _LastYear, levels: Sequence[int], write: Amounts) -> int:
    """Give the decimals of a forecast, which its range decides."""
    low, high = answer.ends[headline(levels)]
    if isinstance(low, float) and isinstance(high, float):
        write = write.of_range(answer.value, low, high)
        return write.places or 0
    return given_places(answer.last)


def _picture(answers: Sequence[_LastYear], levels: Sequence[int]) -> Picture | None:
    """Draw the answers on one axis: values in one unit, or else growth a year.

    None is drawn of a single series, nor of several models of one.
    """
    if len(answers) <= 1 or len({answer.model for answer in answers}) > 1:
        return None
    level = headline(levels)
    if len(_units(answers)) > 1:
        return _picture_of_growth(answers, levels[level], level)

    drawn = _in_order(answers)[:MOST_DRAWN]
    (unit,) = _units(answers)
    largest = max(drawn, key=lambda answer: abs(answer.last))
    write = digits(unit, largest.last, largest.value)
    origins = {answer.origin for answer in drawn}
    rows = []
    for answer in drawn:
        own = write
        span = ""
        bounds: tuple[tuple[int, float, float], ...] = ()
        low, high = answer.ends[level]
        if isinstance(low, float) and isinstance(high, float):
            own = write.of_range(answer.value, low, high)
            span = " to ".join(own.bounds(low, high))
            bounds = ((levels[level], low, high),)
        texts = (own(answer.value), write.observed(answer.last), span)
        row = Row(answer.name, answer.value, bounds, texts, MAIN, other=answer.last)
        rows.append(row)
    last = str(*origins) if len(origins) == 1 else "observed"
    heads = (str(_end(answers)), last, f"{levels[level]} % range")
    plot = Ranges(tuple(rows), heads, signs=("value", "other"))
    return _pictured(plot, answers, write, f"Dots: observed{_which(answers, 'largest')}")


def _picture_of_growth(answers: Sequence[_LastYear], width: int, level: int) -> Picture | None:
    """Draw growth a year, which values in several units have in common."""
    write = Amounts("%", 1)
    by_pace = [(answer.pace, answer) for answer in answers if answer.pace is not None]
    if len(by_pace) < len(answers):
        return None
    rows = []
    for pace, answer in sorted(by_pace, key=lambda pair: -pair[0])[:MOST_DRAWN]:
        span = ""
        bounds: tuple[tuple[int, float, float], ...] = ()
        years = answer.year - answer.origin
        ends = [_pace(answer.last, end, years) for end in answer.ends[level]]
        low, high = ends
        if low is not None and high is not None:
            span = " to ".join(write.bounds(low, high))
            bounds = ((width, low, high),)
        rows.append(Row(answer.name, pace, bounds, (write(pace), span), MAIN))
    heads = ("a year", f"{width} % range")
    about = f"Growth a year to {_end(answers)}{_which(answers, 'fastest')}"
    return _pictured(Ranges(tuple(rows), heads), answers, write, about)


def _pace(last: float, end: Cell, years: int) -> float | None:
    """Compute growth a year to an end of a range."""
    return annual(last, end, years) if isinstance(end, float) else None


def _which(answers: Sequence[_LastYear], rank: str) -> str:
    """Say which series are drawn, if not all are."""
    return f". The {MOST_DRAWN} {rank} of them" if len(answers) > MOST_DRAWN else ""


def _pictured(plot: Ranges, answers: Sequence[_LastYear], write: Amounts, about: str) -> Picture:
    """Make the picture, with its headline in the unit that it is drawn in."""
    units = _units(answers)
    title = _title(answers, write.unit if len(units) == 1 else "", *units[1:])
    subtitle = "".join(_summary(answers)).removesuffix(".")
    first = plot.rows[0]
    spoken = f"{first.name}: {first.texts[0]}{in_unit(write.unit)}"
    return Picture(
        plot,
        title,
        subtitle,
        about=about,
        unit=write.unit,
        amounts=write,
        alternative=f"Ranges on one axis. {title}. {subtitle}. {spoken}.",
    )
