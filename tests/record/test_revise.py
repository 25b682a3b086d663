"""`revise`: why the answer for a year moved; what it refuses, and what `score` does."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Ranges
from tests import schemas
from tests.inside import Cli, rows, typed
from tests.record.test_score import CAME, OURS
from tests.sizing.build import MARKET

pytestmark = pytest.mark.usefixtures("here")
HEAD = "series_id,year,value\n"
RECORDS = {
    "good": "project mofcom --until 2022 --year 2027",
    "early": "project mofcom --until 2020 --year 2027",
    "euro": "project mofcom --until 2022 --year 2027 --currency EUR",
    "scenario": "scenario mofcom --until 2022 --year 2027 --growth 5",
}


def record(line: str, name: str = "old.json") -> str:
    """A json document in a file."""
    done = typed(*line.split(), "--format", "json")
    assert done.code == 0, done.err
    Path(name).write_text(done.out)
    return name


def yearly(name: str, years: Iterable[int], value: object, head: str = "year,value") -> None:
    """A file with a value of each year, by a function of the year."""
    Path(name).write_text(f"{head}\n" + "".join(f"{year},{value(year)}\n" for year in years))  # type: ignore[operator]


def answer(line: str) -> float:
    """The last value of a forecast."""
    return float(rows(typed(*line.split()).out)[-1]["value"])


def steps(*line: str) -> list[dict[str, str]]:
    found = rows(typed("revise", *line).out)
    change = float(found[-1]["value"]) - float(found[0]["value"])
    assert sum(float(row["change"]) for row in found) == pytest.approx(change, abs=1e-9)
    return found


def names(found: Iterable[dict[str, str]]) -> list[str]:
    return [row["step"] for row in found]


@pytest.mark.slow
def test_the_picture_has_both_ranges_on_their_bars_and_says_how_each_basis_moves_the_level() -> (
    None
):
    old = rf.forecast("mofcom", until=2022, year=2028)
    drawn = rf.revise(old, "mofcom", year=2028).plot().picture
    assert isinstance(drawn.plot, Ranges)
    kept, *changed, now = drawn.plot.rows
    for row in (kept, now):
        assert row.bar
        ((_, low, high),) = row.bounds
        assert low < row.bar[1] < high
    bases = [row for row in changed if row.name.startswith("Basis of ")]
    assert [row.name for row in bases] == ["Basis of 2023", "Basis of 2024", "Basis of 2025"]
    assert bases[-1].about == "2024 is 2.81, not 2.56"
    assert changed[-1].about == "came 3.00, as forecast"


@pytest.mark.slow
def test_steps_are_run_and_add_up(cli: Cli) -> None:
    old = record("project mofcom --until 2022 --year 2028")
    told = json.loads(cli("revise", old, "mofcom", "--format", "json").out)
    schemas.check(told)
    found = told["rows"]
    assert names(found) == ["kept", "basis", "2023", "basis", "2024", "basis", "2025"]
    for row, until in zip(found[::2], range(2022, 2026), strict=True):
        assert row["value"] == answer(f"project mofcom --until {until} --year 2028")
    assert sum(row["change"] for row in found) == pytest.approx(
        found[-1]["value"] - found[0]["value"], rel=1e-12
    )
    assert found[2]["detail"].startswith("came 2,490, not 2,3")
    page = cli("revise", old, "mofcom", "--format", "table").out.splitlines()
    assert page[0].startswith("Rural online retail: the answer for 2028 rose by 7")
    assert page[1].startswith("2023 came higher than forecast, 2024 lower, 2025 came as forecast, ")
    assert page[1].endswith("new bases of 2023 to 2025 add 240.")
    assert cli("revise", old, "mofcom", "-o", "why.svg").code == 0


def test_new_bases_come_first_where_they_moved_an_answer_most(cli: Cli) -> None:
    old = record("project mofcom --until 2021 --year 2027")
    page = cli("revise", old, "mofcom", "--format", "table").out.splitlines()
    assert page[1].startswith("New bases of 2022 to 2025 add 290, 2023 came higher than forecast")


CHANGED = {"ceiling": "4000..5000", "floor": "2500", "model": "linear", "measure": "cumulative"}


@pytest.mark.parametrize("option", CHANGED)
@pytest.mark.slow
def test_a_changed_option_is_a_step(option: str) -> None:
    options = f"--{option} {CHANGED[option]}"
    line = "project mofcom --until 2024 --year 2030"
    result = rf.revise(record(line), record(f"{line} {options}", "new.json"))
    assert [step.name for step in result.steps] == [
        "kept",
        "models" if option == "model" else option,
    ]
    assert result.steps[-1].value == answer(f"{line} {options}")
    if option == "floor":
        assert "2,500" in result.steps[-1].detail


def test_restated_years_a_new_point_and_another_release_are_steps() -> None:
    Path("old.csv").write_text("year,value\n2019,10\n2020,12\n2021,14\n2022,17\n")
    Path("new.csv").write_text("year,value\n2018,8\n2019,10\n2020,12\n2021,15\n2022,18\n2023,20\n")
    old = record("project old.csv --year 2026")
    told = json.loads(Path(old).read_text())
    told["rows"][-1]["value"] += 1
    told["provenance"]["version"] = "2.3.0"
    Path(old).write_text(json.dumps(told))
    result = rf.revise(old, "new.csv")
    assert [step.name for step in result.steps] == ["kept", "release", "history", "2023"]
    assert result.steps[1].change == pytest.approx(-1)
    assert result.steps[2].detail == "2021 is 15, not 14 and 2022 is 18, not 17; 2018 added"
    assert result.steps[-1].value == answer("project new.csv --year 2026")
    assert result.change == pytest.approx(sum(step.change for step in result.steps))


def test_a_pool_and_a_batch_are_redone(cli: Cli) -> None:
    pool = rf.revise(record("project turnover --year 2018 --pool"), "turnover")
    assert [step.name for step in pool.steps] == ["kept"]
    lines = [
        f"{name},{year},{size * 1.1 ** (year - 2015)}\n"
        for name, size in (("a", 5), ("b", 9))
        for year in range(2015, 2022)
    ]
    Path("old.csv").write_text(HEAD + "".join(line for line in lines if ",2021," not in line))
    Path("new.csv").write_text(HEAD + "".join(lines))
    cli("batch", "old.csv", "--year", 2024, "--keep", "kept")
    (kept,) = Path("kept").iterdir()
    assert names(rows(cli("revise", kept, "new.csv", "--series", "b").out)) == ["kept", "2021"]
    assert cli("revise", kept, "new.csv").code in (2, 3)


def test_newer_data_of_a_panel_without_all_parts_are_refused(cli: Cli) -> None:
    parts = "region,year,value\n" + "".join(
        f"{region},{year},{size + year - 2015}\n"
        for region, size in (("a", 5), ("b", 9))
        for year in range(2015, 2022)
    )
    Path("old.csv").write_text(parts.replace("a,", "North / a,").replace("b,", "North / b,"))
    Path("new.csv").write_text(parts.replace("a,", "North / a,").replace("b,", "South / b,"))
    cli("panel", "old.csv", "--keep", "kept")
    (kept,) = Path("kept").iterdir()
    done = cli("revise", kept, "new.csv", "--series", "North")
    assert done.code == 2
    assert "have no series 'North / b'" in done.err


REFUSED = """
revise good.json scenario.json => 2
revise euro.json good.json => 2
revise undated.json mofcom => 3
revise rows.csv mofcom => 3
revise good.json turnover => 3
revise good.json early.json => 2
revise good.json mofcom --year 2024 => 2
revise good.json mofcom --year 2040 => 2
revise unreal.json mofcom => 3
revise gone.json mofcom => 3
revise odd.json mofcom => 3
score gone.json => 3 not_found
score came.csv => 3 input
score compare.json => 3 input
score cut.json => 3 damaged
score other.json => 3 input
score earlier.json => 3 input
score chances.json => 3 input
score text.json => 3 cell
score good.json --with unit.csv => 3 input
score good.json --with turnover => 3 input
score good.json --with came.csv => 3 input
score ours.csv => 3 input
score good.json --with two.csv => 3 choice_needed
"""


@pytest.fixture(scope="module")
def records() -> dict[str, str]:
    """Records, others that were tampered with, and files that are none or of something else."""
    made = {
        f"{name}.json": typed(*line.split(), "--format", "json").out
        for name, line in RECORDS.items()
    }
    told = json.loads(made["good.json"])
    odd = {**told["provenance"], "options": {**told["provenance"]["options"], "ceiling": "high"}}
    return {
        **made,
        "odd.json": json.dumps({**told, "provenance": odd}),
        "cut.json": made["good.json"][: len(made["good.json"]) // 2],
        "compare.json": json.dumps({**told, "command": "compare"}),
        "other.json": '{"a": 1}',
        "earlier.json": json.dumps({**told, "schema_version": 2}),
        "chances.json": typed(*RECORDS["good"].split(), "--target", 3000, "--format", "json").out,
        "text.json": json.dumps({**told, "rows": [{**told["rows"][0], "value": "many"}]}),
        "came.csv": CAME,
        "ours.csv": OURS,
        "unit.csv": CAME.replace("value", "value (bn EUR)"),
        "two.csv": "series_id,year,value\na,2023,1\nb,2023,2\n",
        "undated.json": made["euro.json"].replace("converted_from", "of"),
        "unreal.json": made["good.json"].replace('"target":', '"real": "x", "target":'),
        "rows.csv": typed(*RECORDS["good"].split(), "--history").out,
    }


@pytest.mark.parametrize("row", REFUSED.strip().splitlines())
@pytest.mark.slow
def test_each_refusal_has_one_sentence(row: str, cli: Cli, records: dict[str, str]) -> None:
    for name, text in records.items():
        Path(name).write_text(text)
    line, code = row.split(" => ")
    done = cli(*line.split(), "--format", "json")
    error = json.loads(done.err.splitlines()[-1])
    assert f"{done.code} {error['code']}".startswith(code), done.err
    assert error["message"]
    assert error["hint"]


@pytest.mark.parametrize(
    ("series", "options"),
    [
        ("mofcom", "--currency EUR --rate 8"),
        ("mofcom", "--like online"),
        ("users", "--within rural_population_nbs"),
    ],
)
@pytest.mark.slow
def test_what_a_forecast_rests_on_besides_is_read_again(series: str, options: str) -> None:
    line = f"project {series} --year 2028 {options}"
    old = record(f"{line} --until 2022")
    found = steps(old, series)
    assert "2023" in names(found)[1:3]
    assert float(found[-1]["value"]) == pytest.approx(answer(line), rel=1e-12)
    assert found == steps(old, record(line, "new.json"))


def test_a_scenario_is_redone_and_its_assumptions_are_a_step() -> None:
    line = "scenario mofcom --year 2028 --shock 2027=-10..-5 --growth 2026="
    found = steps(record(f"{line}5 --until 2024"), record(f"{line}4", "new.json"))
    assert names(found) == ["kept", "basis", "2025", "scenarios"]
    assert float(found[2]["value"]) == answer(f"{line}5")
    assert float(found[3]["value"]) == answer(f"{line}4")
    assert found[3]["detail"] == "changed"


def test_a_new_basis_is_a_step_of_its_own_before_what_came() -> None:
    found = steps(record("project mofcom --until 2024 --year 2028"), "mofcom")
    assert names(found) == ["kept", "basis", "2025"]
    ratio = 3000 / (1.067 * 2560)
    assert float(found[1]["value"]) == pytest.approx(ratio * float(found[0]["value"]))
    assert found[1]["detail"].startswith("2024 is 2,810 on that of 2025, not 2,560")


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ("mofcom --as-of 2017-08-31", "mofcom --as-of 2017-11-30", "came 729, +38.1 %"),
        ("turnover --partial 2017H1=260:30", "turnover --partial 2017M01-M08=400", "came 400"),
    ],
)
def test_a_nowcast_moves_by_each_part(before: str, after: str, part: str) -> None:
    old, new = (f"nowcast {line} --year 2017" for line in (before, after))
    found = steps(record(old), record(new, "new.json"))
    assert [(row["step"], row["detail"]) for row in found][1:] == [("2017M01-M08", part)]
    assert float(found[1]["value"]) == pytest.approx(
        float(rows(typed(*new.split()).out)[0]["value"]), rel=1e-12
    )


@pytest.mark.parametrize("like", ["", " --like ahead.csv"])
@pytest.mark.slow
def test_a_panel_is_redone_as_a_whole(like: str) -> None:
    lines = [
        f"land / {name},{year},{size * 1.1 ** (year - 2015) + year % 3}\n"
        for year in range(2014, 2022)
        for name, size in (("east", 5), ("west", 8))
    ]
    for name, until in (("old", 14), ("new", 16)):
        Path(f"{name}.csv").write_text(HEAD + "".join(lines[:until]))
    yearly("ahead.csv", range(2003, 2022), lambda year: 20 * 1.2 ** (year - 2014))
    old = record(f"panel old.csv --year 2024{like}")
    panel = rows(typed(*f"panel new.csv --year 2024{like}".split()).out)
    for node in ("land", "land / east"):
        found = steps(old, "new.csv", "--series", node)
        assert names(found) == ["kept", "2021"]
        now = [float(row["value"]) for row in panel if row["series_id"] == node]
        assert float(found[1]["value"]) == pytest.approx(now[-1], rel=1e-12)


def test_a_sizing_moves_by_each_driver_and_by_its_model(cli: Cli) -> None:
    text = MARKET.replace('value = "180..220"', 'series = "./users.csv"').replace(
        "2027", '"2022..2026"'
    )
    line = "size market.toml --draws 2000 --real 2020 --inflation 2 --currency EUR"
    Path("market.toml").write_text(text)
    for name, until in (("old", 2022), ("new", 2023)):
        yearly("users.csv", range(2015, until), lambda year: year - 1900)
        record(line, f"{name}.json")
    assert names(steps("old.json", "market.toml")) == ["kept", "2022"]
    Path("market.toml").write_text(text.replace("0.5..0.8", "0.4..0.8"))
    found = steps("old.json", record(line, "newer.json"))
    assert names(found) == ["kept", "2022", "sizing"]
    last = [float(row["value"]) for row in rows(cli(*line.split()).out) if row["item"] == "result"][
        -1
    ]
    assert float(found[-1]["value"]) == pytest.approx(last, rel=1e-12)
    assert cli("score", "old.json", "--with", "mofcom").code == 3  # euros are not yuan


@pytest.mark.parametrize(
    "options",
    [
        "--basis chained",
        "--prefer median",
        "--since 2019",
        "--basis levels",
        "--break 2021",
        "--as-of 2021-06-30",
        "--level 90",
        "--real 2020 --until 2023",
        "--model linear --model consensus",
        "--until 2023 --measure cumulative",
    ],
)
def test_a_record_gives_the_same_number_again(options: str) -> None:
    old = record(f"project mofcom --year 2030 {options}")
    assert [step.name for step in rf.revise(old, old).steps] == ["kept"]


MONEY = """
project mofcom --year 2028 --real 2020 --inflation prices.csv --currency EUR --rate rates.csv
project turnover --year 2018 --real 2015 --inflation DEU
scenario mofcom --year 2028 --growth 2026=5 --currency EUR --rate rates.csv
scenario mofcom --year 2028 --growth 2026=5 --real 2020 --inflation prices.csv
nowcast turnover --year 2017 --partial 2017H1=260 --currency EUR --rate rates.csv
panel parts.csv --year 2028 --currency EUR --rate rates.csv --like ahead.csv
panel parts.csv --year 2028 --real 2020 --inflation prices.csv
size market.toml --year 2024 --draws 2000 --real 2020 --inflation prices.csv --currency EUR --rate rates.csv
"""


@pytest.mark.parametrize("line", MONEY.strip().splitlines())
@pytest.mark.slow
def test_a_record_holds_the_rates_prices_and_markets_that_it_rests_on(line: str) -> None:
    yearly(
        "rates.csv", range(2013, 2029), lambda year: 7 + year % 5 / 10, "year,value (CNY per EUR)"
    )
    yearly("prices.csv", range(2013, 2030), lambda year: 2 + year % 3, "year,value (percent)")
    yearly("ahead.csv", range(2003, 2022), lambda year: 30 * 1.2 ** (year - 2014))
    Path("market.toml").write_text(MARKET)
    lines = [
        f"{name},{year},{size * 1.1 ** (year - 2014) + year % 3},bn CNY\n"
        for name, size in (("a", 5), ("b", 8))
        for year in range(2014, 2024)
    ]
    Path("parts.csv").write_text("series_id,year,value,unit\n" + "".join(lines))
    old = record(line)
    for name in ("rates.csv", "prices.csv", "ahead.csv"):
        Path(name).unlink()
    command, source, *_ = line.split()
    series = ["--series", "a"] if command == "panel" else []
    assert names(steps(old, old, *series)) == ["kept"]
    assert {*names(steps(old, source, *series))} <= {"kept", "2024", "2025", "2017H1"}
