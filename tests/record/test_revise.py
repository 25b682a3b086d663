"""`revise`: why the answer for a year moved."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from tests import schemas
from tests.inside import Cli, rows
from tests.sizing.build import MARKET


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(cli: Cli, name: str, *line: object) -> str:
    """A json document in a file."""
    done = cli(*line, "--format", "json")
    assert done.code == 0, done.err
    Path(name).write_text(done.out)
    return name


def answer(cli: Cli, *line: object) -> float:
    """The last value of a forecast."""
    return float(rows(cli(*line).out)[-1]["value"])


@pytest.mark.slow
def test_steps_are_run_and_add_up(cli: Cli) -> None:
    old = record(cli, "old.json", "project", "mofcom", "--until", 2022, "--year", 2028)
    told = json.loads(cli("revise", old, "mofcom", "--format", "json").out)
    schemas.check(told)
    found = told["rows"]
    assert [row["step"] for row in found] == ["kept", "2023", "2024", "2025"]
    for row, until in zip(found, range(2022, 2026), strict=True):
        assert row["value"] == answer(cli, "project", "mofcom", "--until", until, "--year", 2028)
    assert sum(row["change"] for row in found) == pytest.approx(found[-1]["value"] - found[0]["value"], rel=1e-12)
    assert found[1]["detail"].startswith("came 2,490, not 2,3")
    page = cli("revise", old, "mofcom", "--format", "table").out.splitlines()
    assert page[0].startswith("The answer for 2028 rose by 5")
    assert page[1] == "2023 and 2025 came higher than forecast, 2024 lower; nothing else changed."
    assert cli("revise", old, "mofcom", "-o", "why.svg").code == 0


OPTIONS = {
    "ceiling": ["--ceiling", "4000..5000"],
    "floor": ["--floor", 2500],
    "models": ["--model", "linear"],
    "measure": ["--measure", "cumulative"],
}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.slow
def test_a_changed_option_is_a_step(name: str, cli: Cli) -> None:
    line = ["project", "mofcom", "--until", 2024, "--year", 2030]
    old, new = record(cli, "old.json", *line), record(cli, "new.json", *line, *OPTIONS[name])
    result = rf.revise(old, new)
    assert [step.name for step in result.steps] == ["kept", name]
    assert result.steps[-1].value == answer(cli, *line, *OPTIONS[name])


def test_restated_years_a_new_point_and_another_release_are_steps(cli: Cli, place: Path) -> None:
    (place / "old.csv").write_text("year,value\n2019,10\n2020,12\n2021,14\n2022,17\n")
    (place / "new.csv").write_text("year,value\n2018,8\n2019,10\n2020,12\n2021,15\n2022,18\n2023,20\n")
    old = record(cli, "old.json", "project", "old.csv", "--year", 2026)
    told = json.loads(Path(old).read_text())
    told["rows"][-1]["value"] += 1
    told["provenance"]["version"] = "2.3.0"
    Path(old).write_text(json.dumps(told))
    result = rf.revise(old, "new.csv")
    assert [step.name for step in result.steps] == ["kept", "release", "history", "2023"]
    assert result.steps[1].change == pytest.approx(-1)
    assert result.steps[2].detail == "2021 is 15, not 14 and 2022 is 18, not 17; 2018 added"
    assert result.steps[-1].value == answer(cli, "project", "new.csv", "--year", 2026)
    assert result.change == pytest.approx(sum(step.change for step in result.steps))


def test_a_pool_and_a_batch_are_redone(cli: Cli, place: Path) -> None:
    old = record(cli, "pool.json", "project", "turnover", "--year", 2018, "--pool")
    assert [step.name for step in rf.revise(old, "turnover").steps] == ["kept"]
    head, years = "series_id,year,value\n", range(2015, 2022)
    lines = [f"{name},{year},{size * 1.1 ** (year - 2015)}\n" for name, size in (("a", 5), ("b", 9)) for year in years]
    (place / "old.csv").write_text(head + "".join(line for line in lines if ",2021," not in line))
    (place / "new.csv").write_text(head + "".join(lines))
    cli("batch", "old.csv", "--year", 2024, "--keep", "kept")
    (kept,) = (place / "kept").iterdir()
    found = rows(cli("revise", kept, "new.csv", "--series", "b").out)
    assert [row["step"] for row in found] == ["kept", "2021"]
    assert cli("revise", kept, "new.csv").code in (2, 3)


REFUSED = {
    "two commands": ("good.json", "scenario.json", 2),
    "two currencies": ("euro.json", "good.json", 2),
    "a record that does not say what was converted": ("undated.json", "mofcom", 3),
    "rows": ("rows.csv", "mofcom", 3),
    "another definition": ("good.json", "turnover", 3),
    "the wrong way round": ("good.json", "early.json", 2),
    "a year that has come": ("good.json --year 2024", "mofcom", 2),
    "a year that was not forecast": ("good.json --year 2040", "mofcom", 2),
    "a year of prices that is none": ("unreal.json", "mofcom", 3),
    "nothing": ("gone.json", "mofcom", 3),
    "an impossible option": ("odd.json", "mofcom", 3),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.slow
def test_each_refusal_has_one_sentence(why: str, cli: Cli, place: Path) -> None:
    line = ["project", "mofcom", "--until", 2022, "--year", 2027]
    record(cli, "good.json", *line)
    record(cli, "early.json", "project", "mofcom", "--until", 2020, "--year", 2027)
    record(cli, "euro.json", *line, "--currency", "EUR")
    record(cli, "scenario.json", "scenario", *line[1:], "--growth", 5)
    Path("undated.json").write_text(Path("euro.json").read_text().replace("converted_from", "of"))
    (place / "rows.csv").write_text(cli(*line, "--history").out)
    told = json.loads(Path("good.json").read_text())
    told["provenance"]["options"]["ceiling"] = "high"
    Path("odd.json").write_text(json.dumps(told))
    Path("unreal.json").write_text(Path("good.json").read_text().replace('"target":', '"real": "x", "target":'))
    old, new, code = REFUSED[why]
    name, *more = old.split()
    done = cli("revise", name, new, *more, "--format", "json")
    error = json.loads(done.err.splitlines()[-1])
    assert done.code == code, done.err
    assert error["message"]
    assert error["hint"]


def steps(cli: Cli, *line: str) -> list[dict[str, str]]:
    found = rows(cli("revise", *line).out)
    assert sum(float(row["change"]) for row in found) == pytest.approx(
        float(found[-1]["value"]) - float(found[0]["value"]), abs=1e-9
    )
    return found


@pytest.mark.parametrize(
    ("series", "options"),
    [
        ("mofcom", "--currency EUR --rate 8"),
        ("mofcom", "--like online"),
        ("users", "--within rural_population_nbs"),
    ],
)
@pytest.mark.slow
def test_what_a_forecast_rests_on_besides_is_read_again(series: str, options: str, cli: Cli) -> None:
    line = ("project", series, "--year", "2028", *options.split())
    old = record(cli, "old.json", *line, "--until", 2022)
    found = steps(cli, old, series)
    assert [row["step"] for row in found][:2] == ["kept", "2023"]
    assert float(found[-1]["value"]) == pytest.approx(answer(cli, *line), rel=1e-12)
    assert found == steps(cli, old, record(cli, "new.json", *line))


def test_a_scenario_is_redone_and_its_assumptions_are_a_step(cli: Cli) -> None:
    line = ("scenario", "mofcom", "--year", "2028", "--shock", "2027=-10..-5", "--growth")
    old = record(cli, "old.json", *line, "2026=5", "--until", 2024)
    found = steps(cli, old, record(cli, "new.json", *line, "2026=4"))
    assert [row["step"] for row in found] == ["kept", "2025", "scenarios"]
    assert float(found[1]["value"]) == answer(cli, *line, "2026=5")
    assert float(found[2]["value"]) == answer(cli, *line, "2026=4")
    assert found[2]["detail"] == "changed"


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ("mofcom --as-of 2017-08-31", "mofcom --as-of 2017-11-30", "came 729, +38.1 %"),
        ("turnover --partial 2017H1=260:30", "turnover --partial 2017M01-M08=400", "came 400"),
    ],
)
def test_a_nowcast_moves_by_each_part(before: str, after: str, part: str, cli: Cli) -> None:
    old, new = (("nowcast", *line.split(), "--year", "2017") for line in (before, after))
    found = steps(cli, record(cli, "old.json", *old), record(cli, "new.json", *new))
    assert [row["step"] for row in found] == ["kept", "2017M01-M08"]
    assert found[1]["detail"] == part
    assert float(found[1]["value"]) == pytest.approx(float(rows(cli(*new).out)[0]["value"]), rel=1e-12)


@pytest.mark.parametrize("like", ["", "ahead.csv"])
@pytest.mark.slow
def test_a_panel_is_redone_as_a_whole(like: str, cli: Cli, place: Path) -> None:
    lines = [f"land / {name},{year},{size * 1.1 ** (year - 2015) + year % 3}\n"
             for year in range(2014, 2022) for name, size in (("east", 5), ("west", 8))]  # fmt: skip
    for name, until in (("old", 14), ("new", 16)):
        (place / f"{name}.csv").write_text("series_id,year,value\n" + "".join(lines[:until]))
    Path("ahead.csv").write_text("year,value\n" + "".join(f"{y},{20 * 1.2 ** (y - 2014)}\n" for y in range(2003, 2022)))
    more = ["--like", like] if like else []
    old = record(cli, "old.json", "panel", "old.csv", "--year", 2024, *more)
    for node in ("land", "land / east"):
        found = steps(cli, old, "new.csv", "--series", node)
        assert [row["step"] for row in found] == ["kept", "2021"]
        now = [row for row in rows(cli("panel", "new.csv", "--year", "2024", *more).out) if row["series_id"] == node]
        assert float(found[1]["value"]) == pytest.approx(float(now[-1]["value"]), rel=1e-12)


def test_a_sizing_moves_by_each_driver_and_by_its_model(cli: Cli, place: Path) -> None:
    text = MARKET.replace('value = "180..220"', 'series = "./users.csv"').replace("2027", '"2022..2026"')
    line = ("size", "market.toml", "--draws", "2000", "--real", "2020", "--inflation", "2", "--currency", "EUR")
    (place / "market.toml").write_text(text)
    kept = {}
    for name, until in (("old", 2022), ("new", 2023)):
        (place / "users.csv").write_text("year,value\n" + "".join(f"{y},{y - 1900}\n" for y in range(2015, until)))
        kept[name] = record(cli, f"{name}.json", *line)
    assert [row["step"] for row in steps(cli, kept["old"], "market.toml")] == ["kept", "2022"]
    (place / "market.toml").write_text(text.replace("0.5..0.8", "0.4..0.8"))
    found = steps(cli, kept["old"], record(cli, "newer.json", *line))
    assert [row["step"] for row in found] == ["kept", "2022", "sizing"]
    last = [float(row["value"]) for row in rows(cli(*line).out) if row["item"] == "result"][-1]
    assert float(found[-1]["value"]) == pytest.approx(last, rel=1e-12)
    assert cli("score", kept["old"], "--with", "mofcom").code == 3  # euros are not yuan


@pytest.mark.parametrize(
    "options",
    ["--basis chained", "--prefer median", "--since 2019", "--as-of 2021-06-30", "--level 90",
     "--real 2020 --until 2023",
     "--model linear --model consensus", "--until 2023 --measure cumulative"],
)  # fmt: skip
def test_a_record_gives_the_same_number_again(options: str, cli: Cli) -> None:
    old = record(cli, "old.json", "project", "mofcom", "--year", 2030, *options.split())
    assert [step.name for step in rf.revise(old, old).steps] == ["kept"]


MONEY = {
    "both": "project mofcom --year 2028 --real 2020 --inflation prices.csv --currency EUR --rate rates.csv",
    "prices of a country": "project turnover --year 2018 --real 2015 --inflation DEU",
    "a scenario": "scenario mofcom --year 2028 --growth 2026=5 --currency EUR --rate rates.csv",
    "a scenario in prices": "scenario mofcom --year 2028 --growth 2026=5 --real 2020 --inflation prices.csv",
    "a year": "nowcast turnover --year 2017 --partial 2017H1=260 --currency EUR --rate rates.csv",
    "a panel": "panel parts.csv --year 2028 --currency EUR --rate rates.csv --like ahead.csv",
    "a panel in prices": "panel parts.csv --year 2028 --real 2020 --inflation prices.csv",
    "a sizing": "size market.toml --year 2024 --draws 2000 --real 2020 --inflation prices.csv --currency EUR "
    "--rate rates.csv",
}


@pytest.mark.parametrize("what", MONEY)
@pytest.mark.slow
def test_a_record_holds_the_rates_prices_and_markets_that_it_rests_on(what: str, cli: Cli) -> None:
    Path("rates.csv").write_text(
        "year,value,unit\n" + "".join(f"{y},{7 + y % 5 / 10},CNY per EUR\n" for y in range(2013, 2029))
    )
    Path("prices.csv").write_text(
        "year,value,unit\n" + "".join(f"{y},{2 + y % 3},percent\n" for y in range(2013, 2030))
    )
    Path("market.toml").write_text(MARKET)
    sizes = (("a", 5), ("b", 8))
    lines = [
        f"{name},{y},{size * 1.1 ** (y - 2014) + y % 3},bn CNY\n" for name, size in sizes for y in range(2014, 2024)
    ]
    Path("parts.csv").write_text("series_id,year,value,unit\n" + "".join(lines))
    Path("ahead.csv").write_text("year,value\n" + "".join(f"{y},{30 * 1.2 ** (y - 2014)}\n" for y in range(2003, 2022)))
    old = record(cli, "old.json", *MONEY[what].split())
    for name in ("rates.csv", "prices.csv", "ahead.csv"):
        Path(name).unlink()
    series = ["--series", "a"] if "panel" in MONEY[what] else []
    assert [row["step"] for row in steps(cli, old, old, *series)] == ["kept"]
    sources = {"size": "market.toml", "panel": "parts.csv"}
    source = sources.get(MONEY[what].split()[0], MONEY[what].split()[1])
    assert {row["step"] for row in steps(cli, old, source, *series)} <= {"kept", "2024", "2025", "2017H1"}
