"""Vintages, bases, currencies and targets, as users type them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Cli, rows


def document(cli: Cli, typed: str, stdin: str = "") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(cli(*typed.split(), "--format", "json", stdin=stdin).out)
    return told


def codes(cli: Cli, typed: str) -> set[str]:
    return {note["code"] for note in document(cli, typed)["notes"]}


def test_as_of_uses_only_what_was_published(cli: Cli) -> None:
    """By the end of July 2017 the Ministry's year 2016 was out, and no later year."""
    told = document(cli, "project mofcom --as-of 2017-07-31 --year 2017 --history")
    assert [(row["period"], row["value"]) for row in told["rows"] if row["kind"] == "actual"] == [(2016, 894.54)]
    notes = {note["code"]: note["text"] for note in told["notes"]}
    assert {"learned_later", "vintage"} <= notes.keys()
    assert notes["published_later"] == "Published later and not used (bn CNY): 1,244.88 for 2017."
    assert told["provenance"]["options"]["as_of"] == "2017-07-31"
    # the article's 482 for 2016 was published in the second half of 2017, so surely known by its end only
    assert "related_series" not in codes(cli, "project mofcom --as-of 2017-07-31 --year 2018")
    assert "related_series" in codes(cli, "project mofcom --as-of 2018-01-31 --year 2018")
    for window, said in (("--until 2022", True), ("--as-of 2023-06-30", True), ("", False)):
        assert ("learned_later" in codes(cli, f"project mofcom --year 2027 {window}")) is said


def test_undated_rows_and_years_that_were_not_over_are_left_out_of_a_vintage(cli: Cli) -> None:
    market = "year,value,published_on\n2019,10,2020-03-01\n2020,12,2021-03-01\n2021,13,\n"
    told = document(cli, "project - --as-of 2021-12-31 --history", market)
    assert [(row["period"], row["kind"]) for row in told["rows"]] == [
        (2019, "actual"), (2020, "actual"), (2021, "forecast"), (2022, "forecast"),
    ]  # fmt: skip
    dated = [f"{year},{10 + (year - 2012) ** 1.5:.1f},{min(year + 1, 2019)}-06-01" for year in range(2013, 2021)]
    market = "\n".join(("year,value,published_on", *dated))
    for command in ("project", "precedents"):
        assert document(cli, f"{command} - --as-of 2019-12-30", market)["provenance"]["origin"] == 2018


@pytest.mark.parametrize(("basis", "other"), [("levels", "chained"), ("chained", "levels")])
def test_chained_levels_follow_the_published_growth(cli: Cli, basis: str, other: str) -> None:
    asked = ("project", "mofcom", "--model", "naive", "--basis", basis)
    found = rows(cli(*asked, "--history").out)
    actual = {row["period"]: float(row["value"]) for row in found if row["kind"] == "actual"}
    assert actual["2025"] == 3000
    assert (actual["2018"] / actual["2017"] - 1 == pytest.approx(0.304)) is (basis == "chained")
    assert f"--basis {other}" in cli(*asked, "-f", "markdown").out


@pytest.mark.parametrize("command", ["project mofcom --year 2027", "growth mofcom"])
def test_years_without_prices_may_be_left_out(cli: Cli, command: str) -> None:
    refused = cli(*command.split(), "--real", "2020")
    assert (refused.code, "--inflation 2" in refused.err) == (2, True)
    assert cli(*command.split(), "--real", "2020", "--until", "2024").code == 0


def test_inflation_and_rates_are_a_number_or_a_file_or_a_country(cli: Cli, tmp_path: Path) -> None:
    rates, prices = tmp_path / "rates.csv", tmp_path / "prices.csv"
    rates.write_text("year,value (CNY per USD)\n" + "".join(f"{year},8\n" for year in range(2010, 2030)))
    levels = "".join(f"{year},{2 ** (year - 2020)!r}\n" for year in range(2010, 2028))
    prices.write_text(f"year,value (index)\n{levels}")

    def value(typed: str) -> float:
        shown = rows(cli("series", "show", "mofcom", "--format", "csv", *typed.split()).out)
        return next(float(row["value"]) for row in shown if row["period"] == "2025")

    assert value(f"--currency usd --rate {rates}") == 3000 / 8
    assert value(f"--real 2020 --inflation {prices}") == pytest.approx(3000 / 2**5)
    assert value("--real 2020 --inflation 2") != value("--real 2020 --inflation 3")
    germany = document(cli, "growth mofcom --real 2020 --until 2020 --inflation germany")
    assert any("consumer prices of Germany" in note["text"] for note in germany["notes"])


def test_the_first_half_of_2017_was_near_80_billion_dollars(cli: Cli) -> None:
    told = document(cli, "series show mofcom --currency usd")
    halves = [row["value"] for row in told["rows"] if row["period"] == "2017H1"]
    assert len(halves) >= 3
    assert all(79 < value < 81 for value in halves)
    assert "CNY are converted to USD" in told["notes"][0]["text"]
    line = "nowcast mofcom --year 2017 --until 2016 --partial 2017H1=538 --currency usd -f table"
    shown = cli(*line.split()).out
    assert "its first half: 79.6 " in shown
    assert "CNY per USD in 2017" in " ".join(shown.split())


def test_targets_are_open_in_notes_or_reached_in_a_year_of_the_forecast(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = document(cli, "series show outlets")["notes"]
    assert any(note["text"].startswith("Target of 1,500 for 2017") and "open" in note["text"] for note in notes)
    assert "Target of 1,500" in cli("series", "show", "outlets", "--format", "markdown").out
    (tmp_path / "series.csv").write_text("series_id,title,measure,unit\nmy_shops,Shops,stock,count\n")
    (tmp_path / "sources.csv").write_text("source_id\nown\n")
    values = "".join(f"my_shops,{year},{100 + 12 * (year - 2020)},own,actual,,\n" for year in range(2020, 2026))
    (tmp_path / "observations.csv").write_text(
        f"series_id,period,value,source_id,status,author,kind\n{values}my_shops,2040,200,own,forecast,us,target\n"
    )
    monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", str(tmp_path))
    shown = cli("series", "show", "my_shops", "--format", "markdown").out
    assert "not due" in shown
    reached = re.search(r"The forecast reaches it in (\d+) \(80 %: (\d+) to", shown)
    assert reached
    assert 2026 < int(reached[1]) < 2040
    assert int(reached[2]) <= int(reached[1])
