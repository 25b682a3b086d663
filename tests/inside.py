"""Runs commands inside this process, as users type them, with streams that are no terminals."""

import csv
import io
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rural_forecast.cli.app import run


class Outcome(NamedTuple):
    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()


Cli = Callable[..., Outcome]


def typed(*arguments: object, stdin: str | bytes = b"", encoding: str = "utf-8") -> Outcome:
    """Run one command line; standard output has the encoding, the other streams have UTF-8."""
    before = sys.stdin, sys.stdout, sys.stderr
    out = io.BytesIO()
    err = io.BytesIO()
    sys.stdin = io.TextIOWrapper(
        io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), encoding="utf-8"
    )
    sys.stdout = io.TextIOWrapper(out, encoding=encoding, write_through=True)
    sys.stderr = io.TextIOWrapper(
        err, encoding="utf-8", errors="backslashreplace", write_through=True
    )
    try:
        code = run([str(argument) for argument in arguments])
        return Outcome(code, out.getvalue(), err.getvalue().decode(errors="surrogateescape"))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def write_example_files(folder: Path) -> None:
    """The files that examples name: many series, a record, and forecasts of others."""
    for name, data in _example_files().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


@cache
def _example_files() -> dict[str, bytes]:
    import pandas as pd

    rows = [
        (name, year, start * 1.1 ** (year - 2015))
        for name, start in (("east", 5.0), ("west", 8.0))
        for year in range(2015, 2025)
    ]
    panel = pd.DataFrame(rows, columns=["series_id", "year", "value"])
    many = panel.to_csv(index=False).encode()
    record = "project mofcom --until 2021 --year 2027 --format json"
    told = "series_id,period,kind,model,value,lower_80,upper_80\n"
    return {
        "regions.csv": many,
        "shops.csv": many,
        "panel.parquet": panel.to_parquet(index=False),
        "tree.csv": b"child,parent\neast,all\nwest,all\n",
        "kept/mofcom-2021.json": typed(*record.split()).raw,
        "forecasts.csv": f"{told}east,2024,forecast,ours,11,9,14\nwest,2024,expert,Ann,18,16,21\n".encode(),
    }
