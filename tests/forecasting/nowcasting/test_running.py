"""A forecast goes on from the nowcast of the year under way."""

from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from tests.inside import Cli, rows

YEARS = range(2012, 2020)
FLOW = ("--measure", "flow")


def _months(scale: float = 1.0, last: int = 8, fast: float = 1.0) -> list[str]:
    """Months of eight years, and the first of a ninth that grows faster."""
    lines = []
    for year in (*YEARS, 2020):
        for month in range(1, 13):
            if year == 2020 and month > last:
                continue
            season = 1 + 0.3 * np.sin(month)
            noise = 1 + 0.04 * np.cos(7 * year)
            growth = 1.06 ** (year - 2012) * (fast if year == 2020 else 1.0)
            lines.append(f"{year}-{month:02},{scale * 10 * season * noise * growth:.6f}")
    return lines


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(["period,value", *_months(fast=1.2)]))
    return str(path)


@pytest.fixture
def several(tmp_path: Path) -> str:
    path = tmp_path / "several.csv"
    lines = ["id,period,value"]
    for name, months in (
        ("a", _months()),
        ("b", _months(2.0, last=3, fast=0.9)),
        ("c", _months(3.0, last=0)),
    ):
        lines += [f"{name},{month}" for month in months]
    path.write_text("\n".join(lines))
    return str(path)


def test_the_first_year_is_that_of_the_nowcast_to_the_last_digit(file: str, cli: Cli) -> None:
    (first, *_) = rows(cli("project", file, *FLOW, "-f", "csv").out)
    combined = rows(cli("nowcast", file, *FLOW, "-f", "csv").out)[0]
    for column in ("period", "value", "lower_80", "upper_80", "lower_95", "upper_95"):
        assert first[column] == combined[column]
    assert first["kind"] == "forecast"


def test_later_years_know_what_the_parts_have_shown(file: str, cli: Cli) -> None:
    known = rows(cli("project", file, *FLOW, "--year", "2024", "-f", "csv").out)[-1]
    unknown = rows(
        cli("project", file, *FLOW, "--year", "2024", "--until", "2019", "-f", "csv").out
    )[-1]
    assert float(known["value"]) > 1.1 * float(unknown["value"])


def test_the_start_is_said_and_until_leaves_it_out(file: str, cli: Cli) -> None:
    said = cli("project", file, *FLOW, "-f", "csv").err
    assert "--until 2019 leaves it out" in said
    left_out = cli("project", file, *FLOW, "--until", "2019", "-f", "csv").err
    assert "nowcast from" not in left_out


def test_an_until_of_the_year_itself_keeps_it(file: str) -> None:
    series = rf.series(file, measure="flow")
    assert rf.forecast(series, until=2020).running == rf.forecast(series).running


@pytest.mark.parametrize("measure", ["stock", "rate"])
def test_parts_of_what_does_not_add_up_are_no_start(file: str, measure: str) -> None:
    assert rf.forecast(rf.series(file, measure=measure)).running is None


def test_a_running_total_has_no_start(file: str) -> None:
    assert rf.forecast(rf.series(file, measure="flow"), measure="cumulative").running is None


def test_a_year_that_is_missing_before_the_parts_leaves_them_out(tmp_path: Path) -> None:
    path = tmp_path / "gap.csv"
    lines = [line for line in _months() if not line.startswith("2019")]
    path.write_text("\n".join(["period,value", *lines]))
    result = rf.forecast(rf.series(path, measure="flow"))
    assert (result.origin, result.running) == (2018, None)


@pytest.mark.parametrize("form", ["{year}Q{quarter}", "{year}H{half}"])
def test_quarters_and_halves_are_parts(form: str, tmp_path: Path) -> None:
    lines = ["period,value"]
    count = 4 if "Q" in form else 2
    for year in range(2014, 2021):
        for part in range(1, count + 1):
            if year < 2020 or part == 1:
                name = form.format(year=year, quarter=part, half=part)
                lines.append(f"{name},{100 + 5 * (year - 2014) + part}")
    path = tmp_path / "parts.csv"
    path.write_text("\n".join(lines))
    series = rf.series(path, measure="flow")
    start = rf.forecast(series).running
    assert start is not None
    assert start.value == rf.nowcast(series).value


def test_a_nowcast_beyond_a_ceiling_is_left_out_with_a_warning(file: str) -> None:
    series = rf.series(file, measure="flow")
    highest = max(rf.forecast(series, until=2019).history.values)
    result = rf.forecast(series, ceiling=(highest * 1.01, highest * 1.02))
    assert result.running is None
    assert "parts_not_used" in {note.code for note in result.notes}


def test_a_path_that_starts_high_stays_high(file: str) -> None:
    """The years after a nowcast move with it less than they do with each other."""
    series = rf.series(file, measure="flow")
    drawn = np.log(rf.forecast(series, year=2023).paths())
    correlation = np.corrcoef(drawn.T)
    plain = np.corrcoef(np.log(rf.forecast(series, year=2023, until=2019).paths()).T)
    assert 0 < correlation[0, 1] < plain[0, 1]
    assert correlation[1, 2] > correlation[0, 1]


def test_a_batch_gives_each_series_what_it_gives_alone(several: str, cli: Cli) -> None:
    together = rows(cli("batch", several, *FLOW, "--horizon", "3", "-f", "csv").out)
    for name in "abc":
        alone = rows(
            cli("project", several, "--series", name, *FLOW, "--horizon", "3", "-f", "csv").out
        )
        own = [row for row in together if row["series_id"] == name]
        assert [float(row["value"]) for row in own] == pytest.approx(
            [float(row["value"]) for row in alone], rel=1e-12
        )
        assert [float(row["upper_80"]) for row in own] == pytest.approx(
            [float(row["upper_80"]) for row in alone], rel=1e-12
        )


def test_a_panel_goes_on_from_the_nowcasts_of_its_nodes(several: str, cli: Cli) -> None:
    done = cli("panel", several, *FLOW, "--horizon", "2", "-f", "csv")
    base = {(row["series_id"], row["period"]): row["base_value"] for row in rows(done.out)}
    for name in "ab":
        alone = rows(cli("project", several, "--series", name, *FLOW, "-f", "csv").out)
        for row in alone:
            assert float(base[name, row["period"]]) == pytest.approx(float(row["value"]))
    assert "2 nodes go on" in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("project", "FILE::a", "--horizon", "3"),
        ("project", "FILE::b", "--horizon", "3", "--since", "2014"),
        ("scenario", "FILE::a", "--horizon", "3", "--growth", "2022=5"),
        ("batch", "FILE", "--horizon", "3"),
        ("panel", "FILE", "--horizon", "3"),
    ],
    ids=["project", "since", "scenario", "batch", "panel"],
)
def test_a_record_is_redone_to_the_last_digit(
    command: tuple[str, ...], several: str, tmp_path: Path, cli: Cli
) -> None:
    source = command[1].replace("FILE", several)
    cli(command[0], source, *command[2:], *FLOW, "--keep", str(tmp_path / "kept"), "-f", "csv")
    (kept,) = (tmp_path / "kept").glob("*.json")
    own = () if "::" in source else ("--series", "a")
    again = rows(cli("revise", str(kept), source, *own, *FLOW, "-f", "csv").out)
    assert [row["step"] for row in again] == ["kept"]


def test_revise_names_a_part_that_came(several: str, tmp_path: Path, cli: Cli) -> None:
    kept = tmp_path / "kept.json"
    cli("project", f"{several}::b", *FLOW, "-f", "json", "-o", str(kept))
    newer = tmp_path / "newer.csv"
    newer.write_text(Path(several).read_text() + "\nb,2020-04,33.0\n")
    steps = rows(cli("revise", str(kept), f"{newer}::b", *FLOW, "-f", "csv").out)
    assert [row["step"] for row in steps] == ["kept", "2020M04"]


@pytest.fixture
def part_of_total(tmp_path: Path) -> str:
    """A part that nears its total, both with eight months of a year in which both leap."""
    path = tmp_path / "cars.csv"
    lines = ["id,period,value"]
    for year, total, part in (
        *((2016, 100, 30), (2017, 108, 50), (2018, 116, 78), (2019, 126, 112)),
        (2020, 180, 165),
    ):
        for month in range(1, 13 if year < 2020 else 9):
            lines.append(f"all cars,{year}-{month:02},{total / 12!r}")
            lines.append(f"electric,{year}-{month:02},{part / 12!r}")
    path.write_text("\n".join(lines))
    return str(path)


def test_a_total_goes_on_from_its_own_nowcast(part_of_total: str, cli: Cli) -> None:
    total = f"{part_of_total}::all cars"
    own = ("project", part_of_total, *FLOW, "--series", "electric", "--year", "2022", "-f", "csv")
    alone = rows(cli(*own).out)
    below = rows(cli(*own, "--within", total).out)
    whole = rows(
        cli(
            "project", part_of_total, *FLOW, "--series", "all cars", "--year", "2022", "-f", "csv"
        ).out
    )
    for path, part, most in zip(alone, below, whole, strict=True):
        assert float(part["value"]) == min(float(path["value"]), float(most["value"]))
    assert below[0]["value"] == alone[0]["value"]


def test_until_leaves_the_nowcast_of_the_total_out(part_of_total: str) -> None:
    part = rf.series(part_of_total, series_id="electric", measure="flow")
    total = rf.series(part_of_total, series_id="all cars", measure="flow")
    until = rf.forecast(part, within=total, until=2019)
    assert until.limits.start_of_total is None
    assert rf.forecast(part, within=total).limits.start_of_total is not None


def test_a_record_holds_the_months_of_the_total(
    part_of_total: str, tmp_path: Path, cli: Cli
) -> None:
    total = f"{part_of_total}::all cars"
    kept = tmp_path / "kept"
    own = ("project", part_of_total, *FLOW, "--series", "electric", "--within", total)
    cli(*own, "--keep", str(kept))
    (record,) = kept.iterdir()
    assert [step.name for step in rf.revise(str(record), str(record)).steps] == ["kept"]


def test_batch_lets_the_total_of_a_part_go_on_from_its_nowcast(
    part_of_total: str, tmp_path: Path, cli: Cli
) -> None:
    file = Path(part_of_total)
    head, *lines = file.read_text().splitlines()
    whole = [f"{line},{'all cars' if line.startswith('electric') else ''}" for line in lines]
    stated = tmp_path / "stated.csv"
    stated.write_text("\n".join([f"{head},within", *whole]))
    of_batch = rows(cli("batch", str(stated), *FLOW, "--year", "2022", "-f", "csv").out)
    of_part = [row["value"] for row in of_batch if row["series_id"] == "electric"]
    total = f"{part_of_total}::all cars"
    own = ("project", part_of_total, *FLOW, "--series", "electric", "--within", total)
    alone = rows(cli(*own, "--year", "2022", "-f", "csv").out)
    assert of_part == [row["value"] for row in alone]
