"""Files as publishers give them, damaged: a changed cell is read as it is or refused, and no other number changes.

    python -m tests.fuzz.realfiles FOLDER [--minutes 30] [--seed 1] [--only SLUG]

FOLDER holds `files/SLUG/NAME` and `options.csv` (the options that choose one series), as for
`benchmarks/realfiles.py`. Each file is read in this process; a finding is printed with the seed that repeats it.
"""

# ruff: noqa: T201 - a program that prints
from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, NamedTuple

from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read_one
from rural_forecast.series.reading.decode import decoded
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid, grid_of
from rural_forecast.series.reading.pipeline import series_of
from rural_forecast.text.cells import is_empty, label
from tests.fuzz.promises import BrokenPromiseError, attempt, refusals, require

MOST_ROWS = 250
"""Rows of a seed: those that hold what its options name, and some others."""

Rows = list[list[Any]]
Numbers = dict[str, float]


class Seed(NamedTuple):
    """A file that is read without fault."""

    name: str
    kind: str
    options: ReadOptions
    rows: Rows
    """The cells of a workbook's table, or what the lines of a text have between the signs."""
    sign: str
    """Between the cells of a text; empty for a workbook."""
    encoding: str
    grid: Grid | None = None

    def data(self, rows: Rows) -> bytes:
        """The bytes of a text of these cells."""
        return "\n".join(self.sign.join(map(str, row)) for row in rows).encode(self.encoding)


class Damage(NamedTuple):
    """A damaged seed, and how much of the series may differ."""

    what: str
    rows: Rows | None = None
    data: bytes | None = None
    before: Any = None
    after: Any = None
    """The cell that was changed."""
    removed: int = 0
    added: int = 0


def numbers(series: Series) -> Numbers:
    """The values by year; parts of years beside them say nothing of the series."""
    whole = {str(seen.period): seen.value for seen in series.observations if seen.period.is_year}
    return whole or {str(seen.period): seen.value for seen in series.observations}


def reading(seed: Seed, rows: Rows | None = None, data: bytes | None = None, *, gaps: bool = False) -> Numbers | None:
    """The series of a seed, or of what became of it; nothing where it is refused."""
    options = seed.options._replace(allow_gaps=True) if gaps else seed.options
    with refusals():
        if seed.grid is None:
            given = seed.data(rows or seed.rows) if data is None else data
            return numbers(read_one("-", options, BytesIO(given)))
        cells = [row for row in rows or seed.rows if not all(map(is_empty, row))]
        grid = grid_of(seed.grid.name, cells, seed.grid.place)
        return numbers(series_of([grid], seed.name, options)[0])
    return None


# Seeds


def seeds(folder: Path, only: Sequence[str] = ()) -> Iterator[Seed]:
    """The files of a folder that are read with their options; the long ones with fewer rows."""
    with (folder / "options.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if only and row["file"] not in only:
                continue
            (path,) = (folder / "files" / row["file"]).iterdir()
            seed = seed_of(path.name, path.read_bytes(), json.loads(row["options"] or "[]"), row["file"])
            if seed is None:
                print(f"{row['file']}: not read, so it is left out", flush=True)
            else:
                yield seed


def seed_of(name: str, data: bytes, options: Sequence[str], slug: str = "") -> Seed | None:
    """A file as a seed; nothing where it is not read."""
    given: dict[str, Any] = {}
    for option, text in zip(options[::2], options[1::2], strict=True):
        key = {"--series": "series_id"}.get(option, option[2:].replace("-", "_"))
        given[key] = (
            (*given.get("where", ()), text)
            if key == "where"
            else int(text)
            if text.isdigit() and key == "actuals_until"
            else text
        )
    named = [text.rpartition("=")[2] for text in options[1::2]]
    chosen = ReadOptions(**given)
    if data.startswith((b"PK", b"\xd0\xcf")):
        for grid in grids(data, name, sheet=chosen.sheet):
            cells = [[grid.cell(row, at) for at in range(grid.index.shape[1])] for row in range(len(grid.index))]
            seed = Seed(slug or name, "excel", chosen._replace(sheet=None), _fewer(cells, named), "", "", grid)
            if reading(seed, gaps=True):
                return seed._replace(options=seed.options._replace(allow_gaps=reading(seed) is None))
        return None
    text = decoded(data, name, None)[0]
    kind = "json" if text.lstrip().startswith(("{", "[")) else "csv"
    sign = max("\t;,|", key=lambda sign: min(text.count(sign), 50 * (text.count("\n") + 1)))
    rows = [_cells(line, sign) for line in re.split("\r?\n", text)]
    rows = rows if kind == "json" else _fewer(rows, named)
    seed = Seed(slug or name, kind, chosen, rows, sign, "utf-8")
    if not reading(seed, gaps=True):
        return None
    return seed._replace(options=chosen._replace(allow_gaps=reading(seed) is None))


def _cells(line: str, sign: str) -> list[str]:
    """What a line has between the signs that are not within quotes."""
    return list(re.split(rf"{re.escape(sign)}(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", line))


def _fewer(rows: Rows, named: Sequence[str]) -> Rows:
    """The first and the last rows, those that hold what the options name, and some of the others."""
    if len(rows) <= MOST_ROWS:
        return rows
    places = [*range(25), *range(len(rows) - 8, len(rows)), *range(0, len(rows), len(rows) // 80)]
    for fitting in (all, any):
        holding = [
            at for at, row in enumerate(rows) if fitting(any(name in str(cell) for cell in row) for name in named)
        ]
        places += holding[:: len(holding) // MOST_ROWS + 1] if named else []
    return [rows[at] for at in sorted(set(places))]


# Damage


def damages(random: Random, seed: Seed) -> Damage:
    """One damage of a seed."""
    made: Damage | None = None
    while made is None:
        made = random.choice(_DAMAGES)(random, seed)
    return made


def _some_cell(random: Random, seed: Seed, wanted: Callable[[str], bool]) -> tuple[int, int] | None:
    for _ in range(50):
        row = random.randrange(len(seed.rows))
        if seed.rows[row]:
            column = random.randrange(len(seed.rows[row]))
            if wanted(str(seed.rows[row][column])):
                return row, column
    return None


def _with(seed: Seed, place: tuple[int, int], cell: Any) -> Rows:
    rows = [list(row) for row in seed.rows]
    rows[place[0]][place[1]] = cell
    return rows


def flipped_digit(random: Random, seed: Seed) -> Damage | None:
    """Another digit in a cell."""
    place = _some_cell(random, seed, lambda text: any(sign.isdecimal() and sign.isascii() for sign in text))
    if place is None:
        return None
    cell = seed.rows[place[0]][place[1]]
    text = str(cell)
    at = random.choice([at for at, sign in enumerate(text) if sign.isdecimal() and sign.isascii()])
    changed: Any = text[:at] + random.choice([sign for sign in "0123456789" if sign != text[at]]) + text[at + 1 :]
    if isinstance(cell, int | float):
        changed = float(changed)
    elif not isinstance(cell, str):
        return None
    return Damage("flipped digit", _with(seed, place, changed), None, cell, changed, 1, 1)


def dropped_cell(random: Random, seed: Seed) -> Damage | None:
    """A cell without its content."""
    place = _some_cell(random, seed, lambda text: text.strip(' "') not in ("", "None"))
    if place is None:
        return None
    cell = seed.rows[place[0]][place[1]]
    return Damage("dropped cell", _with(seed, place, "" if seed.sign else None), None, cell, "", 1, 0)


def swapped_columns(random: Random, seed: Seed) -> Damage | None:
    """Two columns in each other's place, in every row."""
    width = max(map(len, seed.rows))
    if width < 2 or seed.kind == "json":
        return None
    one, other = sorted(random.sample(range(width), 2))
    rows = [list(row) for row in seed.rows]
    for row in rows:
        if other < len(row):
            row[one], row[other] = row[other], row[one]
    spanned = seed.options.value_column is not None  # a title over several columns is now over others
    return Damage(f"swapped columns {one + 1} and {other + 1}", rows, removed=len(rows) * spanned)


def doubled_line(random: Random, seed: Seed) -> Damage:
    """A row twice."""
    at = random.randrange(len(seed.rows))
    return Damage(f"doubled line {at + 1}", [*seed.rows[: at + 1], list(seed.rows[at]), *seed.rows[at + 1 :]])


def shuffled_rows(random: Random, seed: Seed) -> Damage | None:
    """Two rows in each other's place: numbers may be left out, and none may be new."""
    if seed.kind == "json":
        return None
    one, other = random.randrange(len(seed.rows)), random.randrange(len(seed.rows))
    rows = list(seed.rows)
    rows[one], rows[other] = rows[other], rows[one]
    return Damage(f"swapped rows {one + 1} and {other + 1}", rows, removed=len(rows))


def truncated(random: Random, seed: Seed) -> Damage | None:
    """The first bytes alone: the number at the end may be another."""
    if not seed.sign:
        return None
    data = seed.data(seed.rows)
    return Damage("truncated bytes", None, data[: random.randrange(len(data))], removed=len(data), added=1)


def other_encoding(random: Random, seed: Seed) -> Damage | None:
    """The text in another encoding."""
    if not seed.sign:
        return None
    encoding = random.choice(("utf-16", "utf-16-le", "utf-8-sig", "gb18030", "cp1252", "cp1250", "latin-1"))
    text = seed.data(seed.rows).decode(seed.encoding)
    try:
        return Damage(f"encoded as {encoding}", None, text.encode(encoding))
    except UnicodeEncodeError:
        return None


def noise(random: Random, seed: Seed) -> Damage | None:
    """A few other bytes anywhere: anything may be read, and nothing may crash."""
    if not seed.sign:
        return None
    data = bytearray(seed.data(seed.rows))
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(data))
        data[at : at + random.randrange(3)] = random.choice(
            (b"\0", b'"', b"\n", b"\xff", b",", b"\r", b"<", b"{", b"=")
        )
    return Damage("other bytes", None, bytes(data), removed=len(data), added=len(data))


_DAMAGES: tuple[Callable[[Random, Seed], Damage | None], ...] = (
    flipped_digit, flipped_digit, dropped_cell, dropped_cell, swapped_columns, doubled_line, shuffled_rows, truncated,
    other_encoding, noise,
)  # fmt: skip


# The promise


def judge(seed: Seed, sound: Numbers, damage: Damage) -> str:
    """What came of a damaged seed.

    Raises
    ------
    BrokenPromiseError : a number changed that the damage did not touch
    """
    found = reading(seed, damage.rows, damage.data)
    refused = found is None
    if found is None:
        found = reading(seed, damage.rows, damage.data, gaps=True) or {}
    removed = {period: value for period, value in sound.items() if found.get(period) != value and not refused}
    added = {period: value for period, value in found.items() if sound.get(period) != value}
    if not removed and not added:
        return "refused" if refused else "same"
    said = (
        f"{seed.name}: {damage.what} ({damage.before!r} to {damage.after!r}): lost {_few(removed)}, new {_few(added)}"
    )
    require(len(removed) <= damage.removed and len(added) <= damage.added, said)
    if damage.what == "flipped digit" and added:
        (period, value) = next(iter(added.items()))
        moved = period not in sound and value in sound.values()
        require(moved or _holds(damage.after, value), said)
    return "changed"


def _few(pairs: Numbers) -> str:
    return f"{len(pairs)}: {dict(list(pairs.items())[:4])}"


def _holds(cell: Any, value: float) -> bool:
    """Whether the digits of a number are in a cell."""
    digits = re.sub(r"\D", "", f"{value:.15g}".partition("e")[0]).strip("0")
    return digits in re.sub(r"\D", "", label(cell) if isinstance(cell, str) else f"{cell:.15g}")


def tried(seed: Seed, sound: Numbers, number: int) -> str:
    """What came of one damage, which its number repeats.

    Raises
    ------
    BrokenPromiseError : it broke a promise
    """
    outcome = ""

    def once(_data: bytes) -> None:
        nonlocal outcome
        outcome = judge(seed, sound, damages(Random(f"{seed.name} {number}"), seed))

    attempt(once, b"")
    return outcome


def main() -> int:
    """Damage the files for some minutes, and print what broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1, help="number of the first damage (1)")
    parser.add_argument("--only", nargs="*", default=(), help="slugs of the files to damage")
    asked = parser.parse_args()
    known = [(seed, sound) for seed in seeds(asked.folder, asked.only) if (sound := reading(seed))]
    outcomes: Counter[str] = Counter()
    met: Counter[str] = Counter()
    end, number = monotonic() + 60 * asked.minutes, asked.seed
    print(f"{len(known)} files", flush=True)
    while monotonic() < end:
        for seed, sound in known:
            try:
                outcomes[tried(seed, sound, number)] += 1
            except (BrokenPromiseError, Exception) as broken:  # noqa: BLE001 - whatever is raised is a finding
                outcomes["BROKEN"] += 1
                what = re.sub(r"\d+", "#", f"{seed.name} {type(broken).__name__} {broken}"[:90])
                met[what] += 1
                if met[what] <= 2:
                    print(f"FOUND --only {seed.name} --seed {number}: {type(broken).__name__}: {broken}", flush=True)
        number += 1
    print(", ".join(f"{what} {count:,}" for what, count in outcomes.most_common()), flush=True)
    return 1 if outcomes["BROKEN"] else 0


if __name__ == "__main__":
    sys.exit(main())
