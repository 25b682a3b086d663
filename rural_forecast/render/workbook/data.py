"""The data of a workbook: what was observed with units and sources, and behind it the forecasts.

The heads are for people. Rows with the keys of machine formats are on a sheet of their own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.render.workbook.numbers import places_for
from rural_forecast.text.numbers import given_places

_KINDS = {"actual": "observed", "forecast": "published"}
"""Status of an observation, where people have another word for it."""
_GIVEN = ("observed", "published", "preliminary", "estimate", "expert")
_OURS = "consensus"  # the author of our own forecast, which people know without a name
_OF_FORECASTS = ("kind", "model", "value", "unit")
"""Columns that tell rows of forecasts, which have years, from those of other results."""
_OF_SCORES = ("author", "origin", "forecast", "actual")
"""Columns that tell rows of kept forecasts, with what came."""

Record = Mapping[str, Cell]


def _has(records: Table, names: Iterable[str]) -> bool:
    """Check that rows have such columns, so that the sheet of the data can hold them whole."""
    return {column.key for column in records.columns}.issuperset(names)


def data_table(document: Document) -> Table | None:
    """Tabulate the observed values and the forecasts; None where neither is known."""
    observed = document.inputs
    if observed is None and document.observed is not None:
        observed = document.observed()
    rows = _by_year(_observed(document, observed)) if observed else []
    is_forecast = _has(document.records, _OF_FORECASTS)
    is_score = _has(document.records, _OF_SCORES)
    if is_forecast and (observed or document.sections):
        rows += _forecasts(document, has_history=observed is not None)
    if is_score:
        rows += _kept(document)
    if not rows:
        return None
    return _tabulated(rows, document.records if is_forecast or is_score else Table((), ()))


def _by_year(rows: Iterable[Record]) -> list[Record]:
    """Sort the rows of each series by period: rates of growth stand beside the values."""
    of_series: dict[Cell, list[Record]] = {}
    for row in rows:
        of_series.setdefault(row["series_id"], []).append(row)
    in_order = []
    for several in of_series.values():
        in_order += sorted(several, key=lambda row: str(row["period"]))
    return in_order


def _records(table: Table) -> Iterator[Record]:
    keys = [column.key for column in table.columns]
    for row in table.rows:
        yield dict(zip(keys, row, strict=True))


def _observed(document: Document, table: Table) -> Iterator[Record]:
    """Yield the values that the result rests on, each with the name of its source."""
    names = _names(document)
    sources = _sources(document)
    for record in _records(table):
        status = str(record.get("status") or "actual")
        source = str(record.get("source") or "")
        yield {
            "series_id": names.get(str(record["series_id"]), record["series_id"]),
            "period": _year(record["period"]),
            "kind": _KINDS.get(status, status) if record["value"] is not None else "growth",
            "model": record.get("author"),
            "value": record["value"],
            "growth_pct": record.get("growth_pct"),
            "unit": record.get("unit"),
            "source": sources.get(source, source),
            "note": record.get("note"),
        }


def _forecasts(document: Document, *, has_history: bool) -> Iterator[Record]:
    """Yield the rows of the contract, without the history that is there already."""
    names = _names(document)
    for record in _records(document.records):
        kind = str(record["kind"])
        if kind == "actual" and has_history:
            continue
        yield {
            **record,
            "series_id": names.get(str(record["series_id"]), record["series_id"]),
            "kind": "observed" if kind == "actual" else kind,
            "model": _author(record["model"]),
        }


def _kept(document: Document) -> Iterator[Record]:
    """Yield kept forecasts; what came is among the values observed."""
    names = _names(document)
    for record in _records(document.records):
        name = str(record["series_id"])
        yield {
            **record,
            "series_id": names.get(name, name),
            "kind": "kept forecast",
            "model": _author(record["author"]),
            "value": record["forecast"],
            "unit": _units(document).get(name),
        }


def _author(author: Cell) -> Cell:
    return None if author == _OURS else author


def _units(document: Document) -> dict[str, str]:
    return {str(series["id"]): str(series.get("unit") or "") for series in document.series}


def _names(document: Document) -> dict[str, str]:
    """Name each series by its title, unless another one has the same."""
    titles = [str(series.get("title") or "") for series in document.series]
    names = {}
    for series, title in zip(document.series, titles, strict=True):
        if title and titles.count(title) == 1:
            names[str(series["id"])] = title
    return names


def _sources(document: Document) -> dict[str, str]:
    """Name each source by its publisher and its day."""
    named = {}
    for series in document.series:
        for source in series.get("sources", ()):
            parts = (source.get("publisher") or source.get("title"), source.get("date"))
            named[str(source["id"])] = ", ".join(str(part) for part in parts if part)
    return named


def _year(period: Cell) -> Cell:
    """Give a whole year as a number; a half or a month stays text."""
    text = str(period)
    return int(text) if text.isdigit() else text


def _tabulated(rows: Sequence[Record], records: Table) -> Table:
    """Make the table, without columns that no row fills. Bounds are those of the records."""
    bounds = []
    for column in records.columns:
        side, _, level = column.key.partition("_")
        if side in ("lower", "upper") and level.isdigit():
            end = "low" if side == "lower" else "high"
            bounds.append(Column(column.key, f"{level} % {end}", "number", amount=True))
    columns = (
        Column("series_id", "Series"),
        Column("period", "Year", "year"),
        Column("kind", "Kind"),
        Column("model", "By"),
        Column("origin", "Last year known", "year"),
        Column("value", "Value", "number", amount=True),
        *bounds,
        Column("growth_pct", "Growth, %", "number", 1),
        Column("unit", "Unit"),
        Column("parent", "Part of"),
        Column("source", "Source"),
        Column("note", "Note"),
    )
    cells = tuple(tuple(row.get(column.key) for column in columns) for row in rows)
    whole = Table(columns, cells)
    empty = []
    for index, column in enumerate(columns):
        if all(cell in (None, "") for cell in whole.cells(index)):
            empty.append(column.key)
    return whole.without(*empty)


def series_of(table: Table) -> list[Cell]:
    """List the name of the series of each row."""
    return table.cells(0)


def places_of_series(table: Table) -> dict[Cell, int]:
    """Choose the decimals of each series: as many as its figures were given with."""
    keys = [column.key for column in table.columns]
    values = table.cells(keys.index("value"))
    amounts = [index for index, column in enumerate(table.columns) if column.amount]
    sizes: dict[Cell, list[float]] = {}
    given: dict[Cell, int] = {}
    for name, row, value in zip(series_of(table), table.rows, values, strict=True):
        of_series = sizes.setdefault(name, [])
        given.setdefault(name, 0)
        for index in amounts:
            cell = row[index]
            if isinstance(cell, float | int):
                of_series.append(abs(cell))
        if isinstance(value, float | int) and row[keys.index("kind")] in _GIVEN:
            given[name] = max(given[name], given_places(value))
    return {name: places_for(of_series, given[name]) for name, of_series in sizes.items()}
