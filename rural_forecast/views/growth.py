"""`growth` as a document: for people a column a series, growth first, then the index, then the levels if asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.series.growth import Growth, GrowthLine, GrowthPoint
from rural_forecast.text.wording import spans
from rural_forecast.version import __version__
from rural_forecast.views.common import about_series
from rural_forecast.views.notes import remarks

COLUMNS = (
    Column("series_id"),
    Column("period", kind="year"),
    Column("value", kind="number"),
    Column("growth_pct", kind="percent"),
    Column("index", kind="number"),
    Column("derived", kind="boolean"),
    Column("unit"),
)


def document(result: Growth, *, levels: bool = False) -> Document:
    """Everything `growth` says; `levels` adds the table of levels for people."""
    return Document(
        command="growth",
        records=Table(COLUMNS, tuple(_records(result))),
        title="Growth side by side" if len(result.lines) > 1 else f"Growth of {result.lines[0].label}",
        summary=tuple(filter(None, (_leaders(result), _paces(result)))) or tuple(_nothing(result)),
        sections=tuple(_sections(result, levels)) or (Table((), ()),),
        notes=remarks(result.notes),
        series=tuple(about_series(line.series) for line in result.lines),
        provenance=_provenance(result),
    )


def _records(result: Growth) -> Iterator[tuple[Cell, ...]]:
    for line in result.lines:
        for point in line.points:
            cells = (point.value, point.growth_pct, point.indexed, point.derived)
            yield (line.series.id, point.year, *cells, line.series.unit)


def _provenance(result: Growth) -> dict[str, Any]:
    from hashlib import sha256

    text = "\n".join(
        f"{line.series.id},{p.year},{p.value!r},{p.growth_pct!r}" for line in result.lines for p in line.points
    )
    options = {"base": result.base, "since": result.years[0], "until": result.years[-1], **result.options}
    return {"version": __version__, "data_digest": f"sha256:{sha256(text.encode()).hexdigest()}", "options": options}


def _fastest(result: Growth) -> list[str]:
    """For each year, the series that grew most where two or more are known; empty for a tie."""
    rates: dict[int, dict[str, float]] = {year: {} for year in result.years}
    for line in result.lines:
        for point in line.points:
            if point.growth_pct is not None:
                rates[point.year][line.label] = point.growth_pct
    return [_first(of_year) for of_year in rates.values()]


def _first(rates: dict[str, float]) -> str:
    most = max(rates.values(), default=0.0)
    best = [label for label, rate in rates.items() if rate == most]
    return best[0] if len(rates) > 1 and len(best) == 1 else ""


def _leaders(result: Growth) -> str:
    years: dict[str, list[int]] = {}
    for year, label in zip(result.years, _fastest(result), strict=True):
        if label:
            years.setdefault(label, []).append(year)
    ranked = sorted(years.items(), key=lambda item: -len(item[1]))
    said = "; ".join(f"{label} in {spans(found)}" for label, found in ranked)
    return f"Grew fastest: {said}." if said else ""


def _paces(result: Growth) -> str:
    """Compound growth between the ends of what is shown on one basis, over the same years where all have them."""
    paths = {
        line.label: {
            point.year: point.indexed for point in line.points if point.indexed is not None and point.indexed > 0
        }
        for line in result.lines
    }
    paths = {label: path for label, path in paths.items() if len(path) > 1}
    start, end = (
        max((min(path) for path in paths.values()), default=0),
        min((max(p) for p in paths.values()), default=0),
    )
    common = start < end and all(start in path and end in path for path in paths.values())
    said: dict[tuple[int, int], list[str]] = {}
    for label, path in paths.items():
        first, last = (start, end) if common else (min(path), max(path))
        rate = 100 * ((path[last] / path[first]) ** (1 / (last - first)) - 1)
        said.setdefault((first, last), []).append(f"{label} {rate:+.1f} %")
    ranges = (f"{first} to {last}: {', '.join(rates)}" for (first, last), rates in said.items())
    return f"Compound growth a year, {'; '.join(ranges)}." if said else ""


def _nothing(result: Growth) -> Iterator[str]:
    """What to say where no growth is known, and so no table of it can be shown."""
    if not _any_growth(result):
        yield f"No growth is known of {spans(result.years)}: it takes the level of the year before, or a published one."


def _any_growth(result: Growth) -> bool:
    return any(point.growth_pct is not None for line in result.lines for point in line.points)


def _sections(result: Growth, levels: bool) -> Iterator[Table]:
    several = len(result.lines) > 1
    fastest = [(label,) for label in _fastest(result)] if several else []
    extra: tuple[Column, ...] = (Column("fastest", "Fastest"),) if any(name for (name,) in fastest) else ()
    if _any_growth(result):
        yield _side_by_side(
            result, "Growth on the year before", "percent", lambda p: (p.growth_pct, p.growth_derived), extra, fastest
        )
    if result.base is not None and len(result.years) > 1:
        yield _side_by_side(result, f"Index, {result.base} = 100", "number", lambda p: (p.indexed, p.value_derived))
    if levels:
        extra, ratios = _ratios(result)
        units = {line.series.unit for line in result.lines}
        title = f"Levels, {next(iter(units))}" if len(units) == 1 and units != {""} else "Levels"
        yield _side_by_side(result, title, "level", lambda p: (p.value, p.value_derived), extra, ratios)
    if any(line.series.title or line.series.definition or line.series.unit for line in result.lines):
        yield _legend(result)


Reading = Callable[[GrowthPoint], tuple[float | None, bool]]


def _side_by_side(
    result: Growth,
    title: str,
    kind: str,
    reading: Reading,
    extra: tuple[Column, ...] = (),
    more: Sequence[tuple[Cell, ...]] = (),
) -> Table:
    """A row a year, a column a series, and a narrow one of marks where any of its values is derived."""
    columns = [Column("period", "Year", "year")]
    blocks: list[list[Cell]] = [list(result.years)]
    for line in result.lines:
        found = {point.year: reading(point) for point in line.points}
        if all(value is None for value, _ in found.values()):
            continue
        if kind == "percent":
            columns.append(Column(line.series.id, line.label, "percent", 1, sign=True))
        else:
            columns.append(Column(line.series.id, line.label, "number", 1 if kind == "number" else None))
        blocks.append([found.get(year, (None, False))[0] for year in result.years])
        if any(derived and value is not None for value, derived in found.values()):
            columns.append(Column(f"{line.series.id}_mark", ""))
            marks = [found.get(year, (None, False)) for year in result.years]
            blocks.append(["*" if derived and value is not None else "" for value, derived in marks])
    rows = [*zip(*blocks, strict=True)]
    if extra and more:
        rows = [(*row, *cells) for row, cells in zip(rows, more, strict=True)]
        columns += extra
    return Table(tuple(columns), tuple(rows), title=title)


def _ratios(result: Growth) -> tuple[tuple[Column, ...], list[tuple[Cell, ...]]]:
    """The second of two series over the first, where both are in one unit."""
    if len(result.lines) != 2 or len({line.series.unit for line in result.lines}) > 1:
        return (), []
    first, second = ({point.year: point.value for point in line.points} for line in result.lines)
    ratios = []
    for year in result.years:
        one, other = first.get(year), second.get(year)
        ratios.append(other / one if one is not None and other is not None and one > 0 else None)
    if all(ratio is None for ratio in ratios):
        return (), []
    title = f"{result.lines[1].label} / {result.lines[0].label}"
    return (Column("ratio", title, "number", 2),), [(ratio,) for ratio in ratios]


def _legend(result: Growth) -> Table:
    columns = (Column("label", "Series"), Column("title", "What it is"), Column("unit", "Unit"))
    return Table(columns, tuple(_described(line) for line in result.lines), title="Series")


def _described(line: GrowthLine) -> tuple[Cell, ...]:
    series = line.series
    title = series.title if series.title != line.label else ""
    words = ": ".join(filter(None, (title, series.definition)))
    return line.label, words or None, series.unit or None
