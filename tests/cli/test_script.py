"""The script that `--as-python` prints gives the rows of the command, to the last digit."""

from __future__ import annotations

import io
import json
import shlex
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from rural_forecast.cli import tree
from tests.inside import Cli, rows
from tests.record.test_rerun import BATCHES, FILES, OTHERS, PROJECTS

LINES = [
    *(line for name, line in PROJECTS.items() if name != "money"),
    *OTHERS.values(),
    *(f"batch {file} {options}".strip() for file, options in BATCHES.values()),
    "project mofcom --year 2027 --history",
    "project turnover --target 700 --target 900",
    "project turnover --year 2017 --pool --weight ours=0.7",
    "project two.csv --series a --like ::b",
    "project two.csv::b --where series_id=b --value-column value",
    "project sales.csv --like two.csv",
    "compare mofcom --level 90 --like online",
    "compare sales.csv --ceiling 120..150",
    "backtest mofcom --model drift --detail",
    "backtest sales.csv --horizon 2 --since 2019",
    "scenario --from rural_online_retail",
    "scenario --from rural_online_retail --growth 3 --name slow --history",
    "scenario mofcom --growth 2026=4,2027=3..5 --shock 2028=-10 --ceiling 4000..5000",
    "scenario mofcom --override 2027=2600 --reason 'the \"stated\" plan' --target 2500",
    "nowcast mofcom --until 2016 --partial 2017H1=537.62:38.1 --history",
    "panel money.csv --parents tree.csv --target 500 --real 2020 --inflation 2",
    "size rural_online_retail --year 2026 --target 3000 --real 2020 --inflation 2",
    "triangulate mofcom --year 2028 --weight drivers=0.3 --like online",
    "triangulate turnover --year 2017 --definition mofcom --partial 2017H1=300 --target 600",
]


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    for name, text in FILES.items():
        (here / name).write_text(text)
    (here / "tree.csv").write_text("child,parent\na,all\nb,all\n")
    money = "".join(
        f"{name},{year},{10 + year - 2016},bn CNY\n" for name in "ab" for year in range(2016, 2025)
    )
    (here / "money.csv").write_text(f"series_id,year,value,unit\n{money}")


def _printed_by(script: str) -> list[dict[str, str]]:
    """The rows that a script prints."""
    printed = io.StringIO()
    with redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return rows(printed.getvalue())


def _exact(cell: str) -> float | str:
    """A cell as the number or text that it stands for."""
    try:
        return float(cell)
    except ValueError:
        return cell.lower()


@pytest.mark.slow
@pytest.mark.parametrize("line", dict.fromkeys(LINES))
def test_the_script_gives_the_rows_of_the_command(line: str, cli: Cli) -> None:
    there = cli(*shlex.split(line), "-q", "-f", "csv")
    assert there.code == 0, there.err
    script = cli(*shlex.split(line), "-q", "--as-python")
    assert script.code == 0, script.err
    expected = rows(there.out)
    assert expected
    printed = _printed_by(script.out)
    assert [[*row] for row in printed] == [[*row] for row in expected]
    assert [[*map(_exact, row.values())] for row in printed] == [
        [*map(_exact, row.values())] for row in expected
    ]


def test_a_script_goes_to_a_file_of_python(here: Path, cli: Cli) -> None:
    done = cli("project", "sales.csv", "--as-python", "-o", "forecast.py")
    assert done.code == 0, done.err
    assert 'rf.series("sales.csv")' in (here / "forecast.py").read_text()


def test_a_script_is_not_written_to_a_file_of_rows(cli: Cli) -> None:
    done = cli("project", "sales.csv", "--as-python", "-o", "forecast.csv")
    assert done.code == 2
    assert "-o forecast.py" in done.err


@pytest.mark.parametrize(
    "option", ["--currency USD", "--real 2020", "--format json", "--keep kept"]
)
def test_what_a_script_cannot_say_is_refused(option: str, cli: Cli) -> None:
    done = cli("project", "mofcom", "--as-python", *option.split())
    assert done.code == 2
    message = json.loads(done.err)["message"] if "json" in option else done.err
    assert option.split()[0] in message


def test_an_error_of_the_file_is_that_of_the_command(cli: Cli) -> None:
    done = cli("project", "missing.csv", "--as-python")
    assert (done.code, "missing.csv" in done.err) == (3, True)


def test_every_forecast_has_a_script() -> None:
    asked = [
        "project",
        "nowcast",
        "scenario",
        "panel",
        "batch",
        "compare",
        "backtest",
        "triangulate",
        "size",
    ]
    assert [name for name in asked if "as_python" not in tree.load(name).parameters] == []
