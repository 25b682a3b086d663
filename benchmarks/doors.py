"""Read a folder of real files through every door, and list where two of them differ.

    python benchmarks/doors.py FOLDER [--only SLUG ...]

It prints each difference, and writes `doors.md` unless some files alone are read. FOLDER is that of `realfiles.py`. Each file is read as `project FILE OPTIONS` reads it, with the
options that choose its series, and by the same options through

- `series`, `read`: the functions of Python;
- `pipe`, `gzip`: the same bytes on standard input, and packed;
- `xlsx`, `parquet`: the cells of a text in a workbook, and in columns where its first row has names;

and its series all at once through

- `batch`: against all series as `growth` reads them;
- `alone`: some ids of the batch, each by `--series`;
- `panel`: against the batch.

A door differs by its refusal, or by the ids, periods, values, unit or warnings of what it reads. A
panel that warns of series outside of its tree does not.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from realfiles import Wanted, wanted

import rural_forecast as rf
from rural_forecast.errors import RuralForecastError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read, read_one
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.source import read_bytes
from rural_forecast.question.source import Source

SAMPLE = 3  # series of a batch that are read alone
MOST_NAMED = 3
FIELDS = {
    "--series": "series_id",
    "--where": "where",
    "--value-column": "value_column",
    "--period-column": "period_column",
    "--id-column": "id_column",
    "--sheet": "sheet",
    "--encoding": "encoding",
    "--decimal": "decimal",
    "--actuals-until": "actuals_until",
}
DOORS = {
    "series": "`rf.series` of Python",
    "read": "`rf.read` of Python",
    "pipe": "the bytes on standard input",
    "gzip": "the bytes, packed",
    "xlsx": "the cells in a workbook",
    "parquet": "the cells in columns",
    "batch": "all series, against `growth`",
    "alone": "ids of the batch, each by `--series`",
    "panel": "all series as nodes, against `batch`",
}
PAGE = Path(__file__).with_suffix(".md")
OF_BYTES = {"encoding"}  # codes of notes on what a copy in another format does not have
OF_SERIES = {"open_year", "empty_series"}  # notes on series that a batch refuses by name
MONTH = re.compile(r"\d{4}\.(?:0[1-9]|1[0-2])")
DIGITS = re.compile(r"[+-]?(?:0|[1-9]\d{0,14})(?:\.\d+)?")


@dataclass(frozen=True)
class Reading:
    """The answer of one door: the refusal, or the facts of a series."""

    refusal: str = ""
    id: str = ""
    unit: str = ""
    points: tuple[tuple[str, float, str], ...] = ()
    warnings: tuple[str, ...] = ()  # codes

    def differences(self, other: Reading) -> Iterator[str]:
        """Name the facts in which another reading differs."""
        if bool(self.refusal) != bool(other.refusal):
            yield f"refuses: {other.refusal}" if other.refusal else f"reads: {self.refusal}"
            return
        if self.points != other.points:
            yield f"values ({len(self.points)} or {len(other.points)})"
        for name in ("id", "unit", "warnings"):
            own = getattr(self, name)
            others = getattr(other, name)
            if own != others:
                yield f"{name} ({own!r} or {others!r})"


def of_series(series: Series) -> Reading:
    """Take the facts of a series that was read."""
    points = [(str(point.period), point.value, point.status) for point in series.observations]
    codes = {note.code for note in series.reading_notes if note.warning} - OF_BYTES
    return Reading("", series.id, series.unit, tuple(points), tuple(sorted(codes)))


def attempt(door: Callable[[], Series]) -> Reading:
    """Read by a door."""
    try:
        return of_series(door())
    except RuralForecastError as error:
        return Reading(refusal=error.message)


def options_of(file: Wanted) -> ReadOptions:
    """Translate the options of a file to those of Python."""
    fields: dict[str, Any] = {}
    typed = iter(file.options)
    for option in typed:
        if option == "--allow-gaps":
            fields["allow_gaps"] = True
            continue
        value = next(typed)
        if option == "--where":
            fields["where"] = (*fields.get("where", ()), value)
        elif option == "--actuals-until":
            fields["actuals_until"] = int(value)
        else:
            fields[FIELDS[option]] = value
    fields.setdefault("allow_gaps", "gap" in file.accept)
    return ReadOptions(**fields).dated()


def differing(file: Wanted, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each door that differs, with the differences."""
    options = options_of(file)
    alone = attempt(lambda: Source.parse(file.path).read(options))
    for door, other in doors_of_one(file, options, folder):
        # Packed or piped, a file has another name, and so has a series that is named by it.
        if alone.id == file.path.stem:
            other = Reading(other.refusal, alone.id, other.unit, other.points, other.warnings)
        differences = [*alone.differences(other)]
        if differences:
            yield door, "; ".join(differences)
    yield from doors_of_all(file, options)


def doors_of_one(file: Wanted, options: ReadOptions, folder: Path) -> Iterator[tuple[str, Reading]]:
    """Read the chosen series through each door."""
    stated = options._asdict().items() - ReadOptions().dated()._asdict().items()
    named = dict(stated)
    yield "series", attempt(lambda: rf.series(file.path, **named))
    yield "read", attempt(lambda: rf.read(file.path, options))
    data = read_bytes(str(file.path))
    if Source.parse(file.path).kind == "text":
        yield "pipe", attempt(lambda: read_one("-", options, BytesIO(data)))
    if file.path.suffix not in (".gz", ".zip"):
        packed = folder / f"{file.path.name}.gz"
        packed.write_bytes(gzip.compress(data))
        yield "gzip", attempt(lambda: read_one(str(packed), options))
    for suffix, write in (("xlsx", as_workbook), ("parquet", as_columns)):
        copy = folder / f"{file.path.stem}.{suffix}"
        if write(file, data, options, copy):
            cells = options._replace(encoding=None)
            yield suffix, attempt(lambda path=str(copy), cells=cells: read_one(path, cells))


def cells_of(file: Wanted, data: bytes, options: ReadOptions) -> list[list[Any]] | None:
    """Give the cells of a delimited text, plain numbers as numbers; None for any other file."""
    if file.path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return None
    try:
        (grid,) = grids(data, file.path.name, encoding=options.encoding, sheet=None)
    except (RuralForecastError, ValueError):
        return None
    if not grid.delimiter or options.decimal or grid.delimiter == ";" or len(grid.index) > 50_000:
        return None
    rows: list[list[Any]] = []
    for row in grid.index.tolist():
        cells = [grid.words.cells[code] for code in row]
        rows.append([_cell(cell) for cell in cells])
    return rows


def _cell(cell: object) -> object:
    # A head such as `1990.01` is a month; as a number it may be shown as another one.
    if isinstance(cell, str) and DIGITS.fullmatch(cell) and not MONTH.fullmatch(cell):
        number = float(cell) if "." in cell else int(cell)
        return number if str(number) == cell else cell
    return cell


def as_workbook(file: Wanted, data: bytes, options: ReadOptions, path: Path) -> bool:
    """Write the cells of a text as a workbook."""
    import xlsxwriter

    rows = cells_of(file, data, options)
    if rows is None:
        return False
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return True


def as_columns(file: Wanted, data: bytes, options: ReadOptions, path: Path) -> bool:
    """Write the cells of a text whose first row names each column as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = cells_of(file, data, options)
    if rows is None or len(rows) < 2:
        return False
    names, *rows = rows
    texts = [str(name) for name in names]
    if None in names or len(set(texts)) < len(texts):
        return False
    columns = []
    for cells in zip(*rows, strict=True):
        kinds = {type(cell) for cell in cells} - {type(None)}
        if not kinds <= {int, float}:
            cells = [cell if cell is None else str(cell) for cell in cells]
        columns.append(cells)
    pq.write_table(pa.table(dict(zip(texts, map(pa.array, columns), strict=True))), path)
    return True


def doors_of_all(file: Wanted, options: ReadOptions) -> Iterator[tuple[str, str]]:
    """Compare the series of a file through the doors that read all of them."""
    every = options._replace(series_id=None)
    path = str(file.path)
    try:
        series = {one.id: one for one in read(path, every)}
        refusal = ""
    except RuralForecastError as error:
        series = {}
        refusal = error.message
    try:
        batch = rf.batch(path, options=every, models=["naive"], horizon=1, history=True)
        rows = batch.forecasts[batch.forecasts.kind == "actual"]
        values = {
            name: tuple(zip(part.period, part.value, strict=True))
            for name, part in rows.groupby("series_id")
        }
        units = dict(zip(rows.series_id, rows.unit, strict=True))
        refused_ids = set(batch.refused.series_id)
        codes = {note.code for note in batch.notes if note.warning}
    except RuralForecastError as error:
        if not refusal and len(series):
            yield "batch", f"refuses: {error.message}"
        return
    if refusal:
        # One series at fault refuses all where every series is wanted whole.
        if not refused_ids:
            yield "batch", f"reads: {refusal}"
        series = {}
    else:
        lacking = [name for name in series if name not in values and name not in refused_ids]
        more = [name for name in values if name not in series]
        if lacking or more:
            yield "batch", f"ids ({len(series)} or {len(values)}): {(lacking + more)[:MOST_NAMED]}"
        units_of_series = {name: one.unit for name, one in series.items()}
        odd = [name for name in values if units_of_series.get(name, units[name]) != units[name]]
        if odd:
            pairs = [(name, units_of_series[name], units[name]) for name in odd[:1]]
            yield "batch", f"units of {len(odd)}: {pairs}"
        noted: set[str] = set()
        for one in series.values():
            noted.update(note.code for note in one.reading_notes if note.warning)
        if noted - OF_SERIES - codes:
            yield "batch", f"lacks warnings {sorted(noted - OF_SERIES - codes)}"
    yield from alone(path, every, values, units)
    try:
        tree = rf.panel(path, horizon=1, options=every)
    except RuralForecastError:  # few files are trees of parts in one unit
        return
    is_said = any(note.code == "outside_tree" for note in tree.notes)
    if len(tree.tree.names) < len(values) and not is_said:
        yield "panel", f"has {len(tree.tree.names)} nodes of {len(values)} series"


def alone(
    path: str, options: ReadOptions, values: dict[str, Any], units: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Read some series of a batch one by one."""
    names = [*values]
    step = max(len(names) // SAMPLE, 1)
    for name in names[::step][:SAMPLE]:
        chosen = options._replace(series_id=name) if len(names) > 1 else options
        try:
            one = Source.parse(Path(path)).read(chosen)
            history = rf.forecast(one, horizon=1, allow_gaps=options.allow_gaps).history
        except RuralForecastError as error:
            yield "alone", f"refuses {name!r}: {error.message}"
            continue
        own = tuple(zip(history.years, history.values.tolist(), strict=True))
        if own != values[name]:
            yield "alone", f"values of {name!r} ({len(own)} or {len(values[name])})"
        if one.id != name:
            yield "alone", f"id ({one.id!r} or {name!r})"
        if one.unit != units[name]:
            yield "alone", f"unit of {name!r} ({one.unit!r} or {units[name]!r})"


def printed(file: Wanted) -> list[tuple[str, str]]:
    """Print and return the differences of one file."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        differences = [*differing(file, Path(folder))]
    for door, difference in differences:
        print(f"{door:8} {file.slug:24} {difference[:220]}", flush=True)
    return differences


def page(count: int, slugs: dict[str, list[str]]) -> str:
    """Write the table by door."""
    lines = [
        "# Doors",
        "",
        f"Differences from `project FILE OPTIONS`, of {count} real files, by `doors.py`.",
        "",
        "| door | reads | files that differ |",
        "| --- | --- | --- |",
    ]
    for door, reads in DOORS.items():
        names = ", ".join(slugs[door])
        lines.append(f"| {door} | {reads} | {len(slugs[door])}{names and f': {names}'} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print a line for each door that differs, and the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=(), help="slugs of the files to read")
    asked = parser.parse_args()
    slugs: dict[str, list[str]] = {door: [] for door in DOORS}
    files = [one for one in wanted(asked.folder) if not asked.only or one.slug in asked.only]
    with ProcessPoolExecutor(2) as pool:
        differences_by_file = [*pool.map(printed, files)]
    for file, differences in zip(files, differences_by_file, strict=True):
        for door in {door for door, _ in differences}:
            slugs[door].append(file.slug)
    if not asked.only:
        PAGE.write_text(page(len(files), slugs), encoding="utf-8")
    total = ", ".join(f"{door} {len(differing_files)}" for door, differing_files in slugs.items())
    print(f"files that differ, of {len(files)}, by door: {total}")
    return 1 if any(slugs.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
