"""A total of the same file that the range of a part passes is proposed as the whole."""

from __future__ import annotations

import json
import warnings
from itertools import product
from pathlib import Path

import pytest

import rural_forecast as rf
from tests.cli.test_hints import typed_options
from tests.inside import Cli

pytestmark = pytest.mark.usefixtures("here")

YEARS = range(2017, 2022)
CARS = {"DE": [3441, 3436, 3607, 2918, 2622], "FR": [2111, 2173, 2214, 2250, 2259]}
ELECTRIC = {"DE": [25, 36, 63, 194, 356], "FR": [25, 31, 43, 111, 302]}


def long(total: str, *, unit: str = "thousand") -> str:
    lines = ["region,segment,year,value,unit"]
    for region, (name, values) in product(CARS, ((total, CARS), ("Electric", ELECTRIC))):
        for year, value in zip(YEARS, values[region], strict=True):
            own_unit = unit if name == total else "thousand"
            lines.append(f"{region},{name},{year},{value},{own_unit}")
    return "\n".join(lines)


def beside() -> str:
    lines = ["region,year,total,electric"]
    for region in CARS:
        for year, whole, part in zip(YEARS, CARS[region], ELECTRIC[region], strict=True):
            lines.append(f"{region},{year},{whole},{part}")
    return "\n".join(lines)


def across() -> str:
    rows = [("segment", YEARS), ("Total", CARS["DE"]), ("Electric", ELECTRIC["DE"])]
    return "\n".join(",".join(map(str, [name, *cells])) for name, cells in rows)


FILES = {"long.csv": long("All cars"), "beside.csv": beside(), "across.csv": across()}
WAYS = [
    ["long.csv", "--series", "DE / Electric"],
    ["long.csv::DE / Electric"],
    ["long.csv", "--where", "region=DE", "--where", "segment=Electric"],
    ["beside.csv", "--series", "DE", "--value-column", "electric"],
    ["beside.csv", "--where", "region=DE", "--value-column", "electric"],
    ["across.csv", "--series", "Electric"],
]


def write(**texts: str) -> None:
    for name, text in (FILES | texts).items():
        Path(name).write_text(text)


def notes_of(cli: Cli, *line: str) -> dict[str, str]:
    done = cli("project", *line, "--format", "json")
    assert done.code == 0, done.err
    return {note["code"]: note["text"] for note in json.loads(done.out)["notes"]}


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_the_option_that_the_note_proposes_keeps_the_part_below(cli: Cli, way: list[str]) -> None:
    write()
    line = [*way, "--year", "2029"]
    proposed = notes_of(cli, *line)["total_passed"]
    (option,) = typed_options(proposed)
    assert option[0] == "--within"
    answer = notes_of(cli, *line, *option)
    assert "cut there" in answer["within"]
    assert "total_passed" not in answer


def test_of_standard_input_the_option_names_the_series_alone(cli: Cli) -> None:
    line = ["project", "-", "--series", "DE / Electric", "--year", "2029", "-f", "json"]
    done = cli(*line, stdin=FILES["long.csv"])
    (note,) = (note for note in json.loads(done.out)["notes"] if note["code"] == "total_passed")
    (option,) = typed_options(note["text"])
    assert option == ["--within", "::DE / All cars"]
    assert "cut there" in cli(*line, *option, stdin=FILES["long.csv"]).out


def test_a_median_that_passes_the_total_is_a_warning_in_every_format(cli: Cli) -> None:
    Path("fast.csv").write_text(
        "year,total,own\n2017,100,30\n2018,100,40\n2019,100,52\n2020,100,66\n2021,100,80\n"
    )
    done = cli("project", "fast.csv", "--series", "own", "--year", "2028", "-f", "csv")
    assert "warning: The forecast passes the total of the same file, 'total'" in done.err


def test_python_proposes_an_argument_that_works() -> None:
    write()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        free = rf.forecast("long.csv::DE / Electric", year=2029)
        kept = rf.forecast("long.csv::DE / Electric", year=2029, within="long.csv::DE / All cars")
    (note,) = (note for note in free.notes if note.code == "total_passed")
    assert "within='long.csv::DE / All cars'" in note.advice
    assert kept.best.upper[0, -1] < free.best.upper[0, -1]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (long("All cars"), ["--series", "DE / Electric", "--year", "2023"]),
        (long("All cars"), ["--series", "DE / All cars", "--year", "2029"]),
        (long("All cars", unit="million"), ["--series", "DE / Electric", "--year", "2029"]),
        (long("Petrol"), ["--series", "DE / Electric", "--year", "2029"]),
        (across().replace("3441", "20"), ["--series", "Electric", "--year", "2029"]),
        (across().replace("3441,3436,3607,2918,2622", ",,,,"), ["--series", "Electric"]),
    ],
    ids=["not passed", "the total itself", "another unit", "no sum", "below its part", "no values"],
)
def test_no_total_is_proposed(cli: Cli, file: str, line: list[str]) -> None:
    Path("other.csv").write_text(file)
    assert "total_passed" not in notes_of(cli, "other.csv", *line)


def test_a_file_without_a_total_is_read_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from rural_forecast.observed.reading import source

    write(**{"petrol.csv": long("Petrol")})
    reads = []
    read_bytes = source.read_bytes
    monkeypatch.setattr(
        "rural_forecast.observed.reading.read_bytes",
        lambda *given: reads.append(given) or read_bytes(*given),
    )
    notes_of(cli, "petrol.csv", "--series", "DE / Electric", "--year", "2029")
    assert len(reads) == 1
