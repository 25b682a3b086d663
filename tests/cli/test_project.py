"""`project`, `growth` and `backtest` as users type them: horizons, vintages, bases, currencies and
targets.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests import schemas
from tests.inside import Cli, rows

COLUMNS = "series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit"


def test_a_pipe_gets_consensus_rows_to_the_letter_of_the_contract(cli: Cli) -> None:
    done = cli("project", "--year", "2018")
    assert done.code == 0
    assert done.out.splitlines()[0] == COLUMNS
    assert [(row["period"], row["kind"], row["model"], row["unit"]) for row in rows(done.out)] == [
        ("2017", "forecast", "consensus", "bn CNY"),
        ("2018", "forecast", "consensus", "bn CNY"),
    ]
    assert float(rows(done.out)[0]["lower_80"]) < 600 < float(rows(done.out)[0]["upper_80"]), (
        "as published for 2017"
    )
    told = "note: no SOURCE given, using rural_online_shopping_turnover; give '-' to read standard input\n"
    assert done.err == cli("project", "-q").err == told
    assert cli("project", "turnover", "-q").err == ""
    one = cli("project", "turnover", "--level", "90").out
    assert one.splitlines()[0] == COLUMNS.replace(
        "lower_80,upper_80,lower_95,upper_95", "lower_90,upper_90"
    )


def test_options_add_history_and_models_or_take_a_model_in_place_of_the_consensus(cli: Cli) -> None:
    alone, known, every, some = (
        rows(cli("project", "turnover", *more.split()).out)
        for more in ("", "--history", "--all-models", "--model naive --model drift")
    )
    assert [row["kind"] for row in known] == ["actual"] * 3 + ["published"] * 3 + ["forecast"] * 2
    assert ("2017", 600.0, "author not named") in [
        (row["period"], float(row["value"]), row["model"]) for row in known
    ]
    assert [row for row in every if row["model"] == "consensus"] == alone
    assert {"naive", "drift", "theta", "arima"} <= {row["model"] for row in every}
    assert {row["model"] for row in some} == {"naive", "drift"}
    assert [float(row["value"]) for row in some if row["model"] == "naive"] == [482, 482]


def test_people_see_the_models_they_asked_for_and_what_came_after_a_hindcast(cli: Cli) -> None:
    def told(*more: str) -> str:
        return cli("project", "turnover", *more, "--format", "table").out

    for models in (("theta",), ("consensus", "theta")):
        shown = told(*(word for name in models for word in ("--model", name)))
        assert not re.search("Other models|ARIMA", shown)
    assert "Other models" in told()
    assert "arima" in told("--model", "theta", "--all-models")
    assert re.search(r"2016  came +482 +\+37 %", told("--until", "2015", "--year", "2016"))


def test_published_forecasts_of_an_own_file_stand_beside_ours_and_batch_leaves_them_out(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    rows = (
        "2021,60,actual,",
        "2022,75,,",
        "2023,90,published,Acme Research",
        "2030,150,target,the Ministry",
    )
    file.write_text("\n".join(("year,value,kind,source", *rows)))
    told = cli("project", file, "--year", "2030", "--format", "table", "--explain").out
    published = told[told.index("Ours or actual") :]
    assert "Acme Research" in published
    assert "the Ministry, a target" in published
    assert (
        cli("project", file, "--year", "2024", "--format", "csv").out
        == cli("batch", file, "--year", "2024").out
    )


def test_a_target_gives_chances_as_rows_and_a_sentence(cli: Cli) -> None:
    done = rows(cli("project", "turnover", "--year", "2020", "--target", "800").out)
    assert list(done[0]) == ["series_id", "target", "period", "chance", "chance_by"]
    assert [row["period"] for row in done] == ["2017", "2018", "2019", "2020"]
    shares, by = ([float(row[name]) for row in done] for name in ("chance", "chance_by"))
    assert all(share < there for share, there in zip(shares[1:], by[1:], strict=True))
    assert rows(cli("project", "turnover", "--target", "800").out) == done[:2]
    page = cli("project", "turnover", "--target", "800", "--format", "table").out
    assert page.startswith(
        f"Rural online: {100 * shares[1]:.0f} % chance of at least 800 bn CNY in 2018\n"
    )
    assert f"reached 800 bn CNY by 2018: {100 * by[1]:.0f} % (" in " ".join(page.split())
    document = json.loads(cli("project", "turnover", "--target", "300", "--format", "json").out)
    schemas.check(document)
    rate = document["figures"]["cagr_pct"]
    assert rate["lower_95"] < rate["lower_80"] < rate["value"] < rate["upper_80"]
    assert document["figures"]["targets"][0]["reached"] == 2015


@pytest.mark.parametrize(
    ("typed", "stated"),
    [
        ("project turnover --currency USD --rate 8 --year 2026", {"currency": "USD", "rate": 8.0}),
        ("project turnover --model drift", {"models": ["drift"]}),
        ("compare turnover --ceiling 900", {"ceiling": [900.0, 900.0]}),
        ("nowcast mofcom --partial 2026H1=1500 --currency USD", {"currency": "USD"}),
        ("scenario turnover --growth 2017=5", {"scenarios": {"growth": {"growth": {"2017": 5.0}}}}),
    ],
)
def test_provenance_states_what_changes_the_numbers(
    cli: Cli, typed: str, stated: dict[str, object]
) -> None:
    options = json.loads(cli(*typed.split(), "--format", "json").out)["provenance"]["options"]
    assert options.items() >= stated.items()


@pytest.mark.parametrize(
    "command", ["project", "compare", "chart", "scenario --growth 3", "exhibit -f html"]
)
def test_a_horizon_is_a_year_counted_from_the_last_point(command: str, cli: Cli) -> None:
    by_year = cli(*command.split(), "turnover", "--until", "2015", "--year", "2018")
    by_horizon = cli(*command.split(), "turnover", "--until", "2015", "--horizon", "3")
    assert by_horizon.code == 0, by_horizon.err
    assert by_horizon.out == by_year.out


THREE = ("consumption_national", "consumption_rural", "consumption_urban")


def test_rows_keep_their_contract_and_people_see_who_leads(cli: Cli) -> None:
    done = cli("growth", *THREE, "--until", "2016")
    assert done.out.splitlines()[0] == "series_id,period,value,growth_pct,index,derived,unit"
    assert [row["derived"] for row in rows(done.out) if row["period"] == "2015"] == [
        "false",
        "true",
        "true",
    ]
    schemas.check(
        json.loads(cli("growth", *THREE, "turnover", "--years", "all", "--format", "json").out),
        "growth",
    )
    shown = cli("growth", *THREE, "--until", "2016", "--format", "table").out
    assert shown.startswith("Rural: fastest growth, +10.6 % a year from 2013 to 2016\n")
    assert "Per-capita consumption expenditure: national +9.0 %; urban" in shown
    assert "Index, 2014 = 100" not in shown
    assert "Index, 2014 = 100" in cli("growth", *THREE, "--base", "2014", "--format", "table").out


def test_series_that_grew_alike_are_both_named_the_fastest(cli: Cli) -> None:
    lines = [f"{name},{year},{10 * 1.1**year}" for name in ("North", "South") for year in (1, 2)]
    text = "\n".join(["series_id,year,value", *lines, "West,1,5", "West,2,5.1", ""])
    shown = cli("growth", "-", "--format", "table", stdin=text).out
    assert shown.startswith("North and South: fastest growth, +10.0 % in 2\nWest +2.0 %.\n")


def test_a_lone_year_says_that_no_growth_is_known_and_each_currency_is_named(
    cli: Cli, tmp_path: Path
) -> None:
    shown = cli("growth", "-", "--format", "table", stdin="year,value\n2020,5\n")
    assert shown.code == 0
    assert "No growth is known of 2020" in shown.out
    (tmp_path / "parts.csv").write_text(
        "region,year,value\nNorth America,2020,1\nNorth America,2021,2\nSouth,2021,3\n"
    )
    chosen = cli("growth", tmp_path / "parts.csv", "--series", "america", "-f", "csv")
    assert [line.split(",")[0] for line in chosen.out.splitlines()[1:]] == ["North America"] * 2
    assert "Growth on the year before" not in shown.out
    assert "series_id" not in shown.out, "nor the rows of the machine formats"
    for name, unit in (("here", "bn CNY"), ("there", "bn EUR")):
        (tmp_path / f"{name}.csv").write_text(f"year,value ({unit})\n2020,10\n2021,12\n2022,15\n")
    files = tmp_path / "here.csv", tmp_path / "there.csv"
    told = json.loads(cli("growth", *files, "--currency", "usd", "--format", "json").out)
    converted = [note["text"] for note in told["notes"] if note["code"] == "currency_converted"]
    assert [text.split()[0] for text in converted] == ["CNY", "EUR"]


def test_a_backtest_calls_a_published_forecast_exact_and_names_a_model_that_never_answers(
    cli: Cli,
) -> None:
    told = cli("backtest", "turnover", "--format", "markdown").out
    line = next(line for line in told.splitlines() if line.startswith("| 2014 | 180 "))
    assert "| exact" in line
    assert "0.0 %" not in line
    assert "No answer from any" not in told
    told = cli(
        "backtest", "turnover", "--model", "arima", "--model", "drift", "--format", "table"
    ).out
    assert "No answer from any of these origins: arima." in told


@pytest.mark.slow
def test_fewer_than_eight_forecasts_rank_nothing(cli: Cli) -> None:
    for forecasts in (7, 8):
        market = "year,value\n" + "".join(
            f"{2000 + step},{10 + step * step % 7}\n" for step in range(forecasts + 3)
        )
        told = cli("backtest", "-", "--horizon", "1", "--format", "markdown", stdin=market).out
        assert f"on {forecasts} forecasts made from" in told
        assert ("too few past forecasts to judge" in told) == (forecasts < 8)
    for series in ("turnover", "mofcom"):
        told = cli("compare", series, "--format", "markdown").out
        assert ("fewer than 8 forecasts and rank nothing" in told) == (series == "turnover")


def document(cli: Cli, typed: str, stdin: str = "") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(cli(*typed.split(), "--format", "json", stdin=stdin).out)
    return told


def codes(cli: Cli, typed: str) -> set[str]:
    return {note["code"] for note in document(cli, typed)["notes"]}


def test_as_of_uses_only_what_was_published(cli: Cli) -> None:
    """By the end of July 2017 the Ministry's year 2016 was out, and no later year."""
    told = document(cli, "project mofcom --as-of 2017-07-31 --year 2017 --history")
    assert [(row["period"], row["value"]) for row in told["rows"] if row["kind"] == "actual"] == [
        (2016, 894.54)
    ]
    notes = {note["code"]: note["text"] for note in told["notes"]}
    assert {"learned_later", "vintage"} <= notes.keys()
    assert notes["published_later"] == "Published later and not used (bn CNY): 1,244.88 for 2017."
    assert told["provenance"]["options"]["as_of"] == "2017-07-31"
    # the article's 482 for 2016 was published in the second half of 2017, so surely known by its
    # end only
    assert "related_series" not in codes(cli, "project mofcom --as-of 2017-07-31 --year 2018")
    assert "related_series" in codes(cli, "project mofcom --as-of 2018-01-31 --year 2018")
    for window, said in (("--until 2022", True), ("--as-of 2023-06-30", True), ("", False)):
        assert ("learned_later" in codes(cli, f"project mofcom --year 2027 {window}")) is said


def test_undated_rows_and_years_that_were_not_over_are_left_out_of_a_vintage(cli: Cli) -> None:
    market = "year,value,published_on\n2019,10,2020-03-01\n2020,12,2021-03-01\n2021,13,\n"
    told = document(cli, "project - --as-of 2021-12-31 --history", market)
    assert [(row["period"], row["kind"]) for row in told["rows"]] == [
        (2019, "actual"),
        (2020, "actual"),
        (2021, "forecast"),
        (2022, "forecast"),
    ]
    dated = [
        f"{year},{10 + (year - 2012) ** 1.5:.1f},{min(year + 1, 2019)}-06-01"
        for year in range(2013, 2021)
    ]
    market = "\n".join(("year,value,published_on", *dated))
    for command in ("project", "precedents"):
        assert (
            document(cli, f"{command} - --as-of 2019-12-30", market)["provenance"]["origin"] == 2018
        )


@pytest.mark.parametrize(
    ("basis", "other"),
    [("levels", "comparable"), ("comparable", "levels")],
)
def test_the_other_basis_is_named(cli: Cli, basis: str, other: str) -> None:
    told = cli("project", "mofcom", "--model", "naive", "--basis", basis, "-f", "markdown").out
    assert f"--basis {other}" in told


@pytest.mark.parametrize("command", ["project mofcom --year 2027", "growth mofcom"])
def test_years_without_prices_may_be_left_out(cli: Cli, command: str) -> None:
    refused = cli(*command.split(), "--real", "2020")
    assert (refused.code, "--inflation 2" in refused.err) == (2, True)
    assert cli(*command.split(), "--real", "2020", "--until", "2024").code == 0


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
    assert any(
        note["text"].startswith("Target of 1,500 for 2017") and "open" in note["text"]
        for note in notes
    )
    assert "Target of 1,500" in cli("series", "show", "outlets", "--format", "markdown").out
    (tmp_path / "series.csv").write_text(
        "series_id,title,measure,unit\nmy_shops,Shops,stock,count\n"
    )
    (tmp_path / "sources.csv").write_text("source_id\nown\n")
    values = "".join(
        f"my_shops,{year},{100 + 12 * (year - 2020)},own,actual,,\n" for year in range(2020, 2026)
    )
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
