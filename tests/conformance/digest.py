"""The numbers of many commands in one JSON object: what every environment must reproduce.

`python -m tests.conformance.digest` prints it; `--write` makes `reference.json` anew, which the
test suite holds every environment to. Opinions (ARIMA, ETS) stand apart: their optimisers stop
where they stop. `--compare` names what this environment gives otherwise; `poe test-versions` does
so with the oldest and the newest Python and NumPy that there are.
"""

# ruff: noqa: T201 - a program that prints
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rural_forecast.system.blas import pin_blas
from tests.conformance.asking import document, long_form, same_number

DATA = Path(__file__).parents[1] / "data" / "real_series.csv"
REFERENCE = Path(__file__).with_name("reference.json")
OPINIONS = ("arima", "ets")
EXACT = 1e-9
TIED = {
    "jump": [3, 3, 3, 8],
    "bound": [3, 2, 2, 1, 1, 3],
    "valleys": [4, 3, 1, 1, 4],
    "zero": [6, 5, 5],
}
ODD = {
    "one": [7],
    "flat": [5] * 4,
    "zeros": [0, 3, 0, 4, 2.5],
    "below": [-4, 3, -1, 2],
    "tiny": [1e-12, 3e-12, 4e-12],
}

COMMANDS = (
    "project turnover --year 2030 --history --all-models",
    "project mofcom --year 2030 --all-models --level 50 --level 99",
    "project mofcom --until 2020 --year 2060",
    "project penetration --all-models",
    "project turnover --ceiling 900..1500 --model logistic --model gompertz --model bass",
    "project mofcom --currency usd --history",
    "project income_rural --basis chained --history",
    "compare mofcom --year 2027",
    "compare turnover --year 2018",
    "backtest mofcom",
    "backtest turnover --detail",
    "growth consumption_national consumption_rural consumption_urban --years all",
    "growth turnover mofcom --explain --years all",
    "nowcast mofcom --year 2017 --until 2016 --history",
    "nowcast mofcom --year 2018 --until 2017",
    "nowcast mofcom --year 2017 --as-of 2017-07-31",
    "size rural_online_retail",
    "size rural_retailer --level 90",
    "scenario --from rural_online_retail",
    "scenario turnover --growth 2017=20,2018=10 --shock 2019=-5 --year 2020",
    "series show mofcom",
)


def real(every: int = 7) -> dict[str, list[float]]:
    """One in so many of the real series of `tests/data`, oldest value first."""
    found: dict[str, dict[int, float]] = {}
    with DATA.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["series_id"], {})[int(row["period"])] = float(row["value"])
    chosen = sorted(found)[::every]
    return {name: [found[name][year] for year in sorted(found[name])] for name in chosen}


def answers() -> Iterator[tuple[str, dict[str, Any]]]:
    for command in COMMANDS:
        yield command, document(*command.split())
    for name, series in (("real", real()), ("odd", ODD | TIED)):
        panel = long_form(series)
        yield f"batch - --horizon 12 ({name})", document("batch", "-", "--horizon", 12, stdin=panel)
        yield (
            f"batch - --all-models ({name})",
            document("batch", "-", "--horizon", 1, "--all-models", stdin=panel),
        )


def digest() -> dict[str, dict[str, list[Any]]]:
    """Rows as lists under the names of their columns, by command."""
    made = {}
    for command, told in answers():
        rows = [row for row in told["rows"] if row.get("model") not in OPINIONS]
        columns = [
            name for name in rows[0] if any(not isinstance(row[name], bool | None) for row in rows)
        ]
        made[command] = {
            "columns": columns,
            "rows": [[row[name] for name in columns] for row in rows],
        }
    return made


def text(made: dict[str, dict[str, list[Any]]]) -> str:
    """One row a line, so that a change of one number is one line of a diff."""
    parts = []
    for command, table in made.items():
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in table["rows"])
        parts.append(
            f'{json.dumps(command)}: {{"columns": {json.dumps(table["columns"])}, "rows": [\n{rows}\n]}}'
        )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def moved(reference: dict[str, Any], made: dict[str, Any]) -> list[str]:
    """List the differences of two digests, one line a number; empty where there is none."""
    if reference.keys() != made.keys():
        return [f"other commands: {sorted(reference.keys() ^ made.keys())}"]
    found = []
    for command, table in reference.items():
        rows = made[command]["rows"]
        if table["columns"] != made[command]["columns"] or len(table["rows"]) != len(rows):
            found.append(
                f"{command}: {len(table['rows'])} rows of {table['columns']}, now {len(rows)}"
            )
            continue
        for place, (before, now) in enumerate(zip(table["rows"], rows, strict=True)):
            for name, one, other in zip(table["columns"], before, now, strict=True):
                if not same_number(one, other, EXACT):
                    found.append(f"{command}, row {place}, {name}: {one!r}, now {other!r}")
    return found


def reference() -> dict[str, Any]:
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    pin_blas()  # as the command line does, before NumPy loads
    made = text(digest())
    if "--write" in sys.argv[1:]:
        REFERENCE.write_text(made, encoding="utf-8")
    elif "--compare" in sys.argv[1:]:
        differing = moved(reference(), json.loads(made))
        print(
            f"Python {sys.version.split()[0]}: {len(differing)} numbers differ by more than {EXACT:g}"
        )
        print(*(f"  {one}\n" for one in differing[:10]), sep="", end="")
        sys.exit(bool(differing))
    else:
        sys.stdout.write(made)
