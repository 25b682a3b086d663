"""`scenario`, `nowcast` and `size` as users type them."""

import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.sizing.model import load
from tests import schemas
from tests.inside import Cli, rows
from tests.sizing.build import MARKET, write

PLAN = ("scenario", "turnover", "--override", "2018=700", "--reason", "target of the plan")


def test_a_scenario_has_rows_of_the_contract_and_people_see_its_difference(cli: Cli) -> None:
    document = json.loads(cli(*PLAN, "--format", "json").out)
    schemas.check(document, "forecast")
    assert [(row["period"], row["kind"], row["model"]) for row in document["rows"]] == [
        (2017, "forecast", "consensus"),
        (2018, "forecast", "consensus"),
        (2017, "scenario", "override"),
        (2018, "scenario", "override"),
    ]
    last = document["rows"][-1]
    assert (last["value"], last["lower_80"], last["upper_95"]) == (700, None, None)
    assert any("target of the plan" in note["text"] for note in document["notes"])
    shown = cli(*PLAN, "--year", "2019", "--format", "table").out
    assert re.search(r"2018 +830 +700 .*−15.2 %", shown)
    assert "target of the plan" in shown


def test_a_file_and_options_together(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("series = 'mofcom'\nyear = 2028\n[scenarios.low]\ngrowth = 1\n")
    told = rows(cli("scenario", "--from", file, "--shock", "2027=-10", "--name", "bad").out)
    assert {row["model"] for row in told} == {"consensus", "low", "bad"}
    assert max(row["period"] for row in told) == "2028"
    assert {row["period"] for row in rows(cli("scenario", file, "--horizon", "2").out)} == {
        "2026",
        "2027",
    }
    other = rows(cli("scenario", "turnover", "--from", file).out)
    assert {row["series_id"] for row in other} == {"rural_online_shopping_turnover"}


@pytest.mark.parametrize(
    ("line", "unit", "drawn"),
    [
        ("--currency USD --rate 7", "bn USD", "bn dollars"),
        ("--real 2020 --inflation 2", "bn CNY (2020 prices)", "tn yuan (2020 prices)"),
        (
            "--real 2020 --inflation 2 --currency EUR",
            "bn EUR (2020 prices)",
            "bn euros (2020 prices)",
        ),
    ],
)
@pytest.mark.slow
def test_money_is_the_same_in_every_format(
    cli: Cli, tmp_path: Path, line: str, unit: str, drawn: str
) -> None:
    asked = ("scenario", "mofcom", "--growth", "2026=5", "--year", "2027", *line.split())
    found = rows(cli(*asked).out)
    baseline = rows(cli("project", *asked[1:2], *asked[4:]).out)
    assert [(row["value"], row["unit"]) for row in found[:2]] == [
        (row["value"], row["unit"]) for row in baseline
    ]
    assert {row["unit"] for row in found} == {unit}
    assert unit in cli(*asked, "--format", "table").out
    assert drawn in cli(*asked, "--format", "svg").out
    assert cli(*asked, "-o", tmp_path / "a.xlsx").code == 0
    book = ZipFile(tmp_path / "a.xlsx")
    assert any(unit.encode() in book.read(name) for name in book.namelist())


FOUNDING = (
    "nowcast",
    "mofcom",
    "--year",
    "2017",
    "--until",
    "2016",
    "--partial",
    "2017H1=537.62:38.1",
)


def test_a_nowcast_has_the_combination_and_every_vote_and_tells_what_became_of_the_base(
    cli: Cli,
) -> None:
    found = rows(cli(*FOUNDING).out)
    assert {(row["period"], row["kind"], row["unit"]) for row in found} == {
        ("2017", "nowcast", "bn CNY")
    }
    assert [row["model"] for row in found] == ["combined", "share", "growth", "annual"]
    assert 1180 < float(found[0]["value"]) < 1300
    assert float(found[0]["lower_80"]) < 1244.88 < float(found[0]["upper_80"])
    restated = ("nowcast", "mofcom", "--year", "2018", "--until", "2017")
    weak, other = (
        json.loads(cli(*line, "--format", "json", "--history", "--level", "90").out)
        for line in (FOUNDING, restated)
    )
    schemas.check(weak, "forecast")
    assert {row["kind"] for row in weak["rows"]} == {"actual", "nowcast"}
    assert weak["provenance"]["options"]["known"] == {"2017H1": [537.62, 38.1]}
    notes = {note["code"]: note["text"] for note in (*weak["notes"], *other["notes"])}
    assert all(number in notes["weak_base"] for number in ("more than 310", "389.3"))
    assert all(number in notes["restated_base"] for number in ("implies 470.4", "(-12.5 %)"))


YEARS = "year,value,unit\n2019,3.1,bn CNY\n2020,3.5,bn CNY\n2021,4.1,bn CNY\n2022,4.4,bn CNY\n"
ARTICLE = "year,value\n2014,180\n2015,353\n2016,482\n"
MINISTRY = "year,value\n2016,894.54\n"
UNFIT = "does not fit"
OTHER = "is on another definition: rural_online_retail_mofcom"
PARTS = (
    ("- --year 2023 --partial 2023H1=2.2", YEARS, ""),
    ("- --year 2023 --partial 2023H1=0.2", YEARS, UNFIT),
    ("- --year 2023 --partial 2023H1=0.0023", YEARS, UNFIT),
    ("- --year 2023 --partial 2023H1=2300", YEARS, "more than the whole"),
    ("mofcom --year 2017 --until 2016 --partial 2017H1=538", "", ""),
    ("- --partial 2017H1=538", MINISTRY, ""),
    ("-", f"{MINISTRY}2017H1,538\n", ""),
    ("-", "year,value\n2015,400\n2016,430\n2017H1,238\n", ""),
    ("turnover --partial 2017H1=537.62", "", OTHER),
    ("turnover --partial 2017H1=540", "", OTHER),
    ("turnover --partial 2017H1=250 --partial 2016H1=310", "", OTHER),
    ("turnover --as-of 2018-01-31 --partial 2017H1=538", "", OTHER),
    ("mofcom --year 2017 --until 2016 --partial 2017H1=328.64", "", OTHER),
    ("mofcom_narrow --partial 2016Q1=148", "", OTHER),
    ("- --partial 2017H1=538", ARTICLE, OTHER),
    ("-", f"{ARTICLE}2016H1,310\n2017H1,250\n", OTHER),
)


@pytest.mark.parametrize(("line", "stdin", "why"), PARTS)
def test_a_part_in_another_unit_or_on_another_definition_is_refused_and_overruled(
    line: str, stdin: str, why: str, cli: Cli
) -> None:
    done = cli("nowcast", *line.split(), stdin=stdin)
    if not why:
        assert (done.code, done.err) == (0, "")
        return
    assert (done.code, done.out) == (3, "")
    assert why in done.err
    assert "add --same-definition" in done.err
    overruled = cli("nowcast", *line.split(), "--same-definition", stdin=stdin)
    assert overruled.code == 0
    assert why in overruled.err or why == OTHER


COLUMNS = "item,stage,period,value,lower_80,upper_80,lower_95,upper_95,variance_share,unit"
FEW = ("--draws", "2000")


def test_a_pipe_gets_the_rows_of_the_contract_and_json_follows_its_schema(cli: Cli) -> None:
    done = cli("size", "rural_online_retail", *FEW)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == COLUMNS
    found = rows(done.out)
    assert [row["period"] for row in found if row["item"] == "result"] == [
        "2025",
        "2026",
        "2027",
        "2028",
    ]
    assert {row["unit"] for row in found if row["item"] in ("result", "top_down")} == {"bn CNY"}
    for year in ("2025", "2028"):
        shares = [
            float(row["variance_share"])
            for row in found
            if row["period"] == year and row["variance_share"]
        ]
        assert sum(shares) == pytest.approx(1)
        assert (
            0
            <= float(next(row["value"] for row in found if row["item"] == "probability_above"))
            <= 1
        )
    told = json.loads(cli("size", "rural_retailer", *FEW, "--format", "json").out)
    schemas.check(told, "size")
    assert {row["stage"] for row in told["rows"]} == {"TAM", "SAM", "SOM", ""}
    items = {row["item"] for row in told["rows"]}
    assert {"users", "population", "consumption"} <= items
    assert "users + population + consumption" not in items, "drivers are independent"
    assert told["provenance"]["seed"] == 1
    assert "rural_internet_users" in {one["id"] for one in told["series"]}


@pytest.mark.slow
def test_money_is_that_of_every_year_in_each_format(cli: Cli) -> None:
    line = (
        "size",
        "rural_online_retail",
        *FEW,
        "--currency",
        "EUR",
        "--real",
        "2020",
        "--inflation",
        "2",
    )
    told = json.loads(cli(*line, "--format", "json").out)
    assert (
        told["provenance"]["options"].items()
        >= {"currency": "EUR", "real": 2020, "inflation": 2}.items()
    )
    assert "bn EUR (2020 prices)" in cli(*line, "--format", "table").out
    assert "bn euros (2020 prices)" in cli(*line, "--format", "svg").out


def test_what_is_doubtful_is_said(cli: Cli, tmp_path: Path) -> None:
    text = (
        MARKET.replace("assumption = true\n", "", 1)
        + '[drivers.idle]\nvalue = 3\nunit = "ratio"\nsource = "x"\n'
    )
    done = cli("size", write(tmp_path, text), *FEW, "-v", "--format", "json")
    found = {note["code"]: note["text"] for note in json.loads(done.out)["notes"]}
    assert "share" in found["no_source"]
    assert "idle" in found["unused_drivers"]
    assert "range_level" in found
    assert "warning: Ranges hold with 80 %" in done.err
    assert "4 drivers, 1 stages" in done.err


@pytest.mark.slow
def test_a_model_is_printed_sized_again_and_read_from_standard_input(
    cli: Cli, tmp_path: Path
) -> None:
    printed = cli("size", "rural_online_retail", "--print-model")
    copy = write(tmp_path, printed.out)
    assert cli("size", copy, *FEW).out == cli("size", "rural_online_retail", *FEW).out
    done = cli("size", copy, "-o", copy, "--format", "csv")
    assert done.code == 2
    assert copy.read_text() == printed.out
    assert cli("size", "-", *FEW, stdin=MARKET).code == 0
    done = cli("size", "-", *FEW, stdin=MARKET.replace("0.8", "1.8"))
    assert done.code == 3
    assert "standard input line 12, drivers.share.value: " in done.err


def test_standard_input_that_is_closed_or_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is read than a model may have."""
    read = []

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            assert sum(read) < 3_000_000
            read.append(len(buffer))
            buffer[:] = b"#" * len(buffer)
            return len(buffer)

    for stdin, told in (
        (None, "is closed"),
        (io.TextIOWrapper(io.BufferedReader(Endless())), "larger than 1,000,000"),
    ):
        monkeypatch.setattr("sys.stdin", stdin)
        with pytest.raises(InputError, match=told):
            load("-")


NUMBERS = st.sampled_from(
    ["1e150", "1e149", "-1e150", "1e-150", "1e-149", "0.0", "1.0", "1e75", "1e-75", "3.5", "0.3"]
)
MODEL = """unit = "ratio"
years = 2027
formula = "{}"
[drivers.a]
unit = "ratio"
distribution = "{}"
{}[drivers.b]
unit = "ratio"
value = "{}..{}"
"""


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.sampled_from([("low", "high"), ("low", "mode", "high")]),
    numbers=st.lists(NUMBERS, min_size=5, max_size=5),
    formula=st.sampled_from(
        ["a * b", "a / b", "a - b", "a / (a - b)", "a ** b", "max(a, b) / min(a, b)"]
    ),
    form=st.sampled_from(["json", "table", "svg"]),
)
def test_extreme_numbers_are_sized_or_refused(
    cli: Cli, tmp_path: Path, names: tuple[str, ...], numbers: list[str], formula: str, form: str
) -> None:
    """Never a defect, and never a number that is none."""
    stated = "".join(
        f"{name} = {number}\n" for name, number in zip(names, numbers[2:], strict=False)
    )
    kind = "pert" if "mode" in names else "uniform"
    model = write(tmp_path, MODEL.format(formula, kind, stated, *numbers[:2]))
    done = cli("size", model, "--draws", "1000", "--format", form)
    assert done.code in ((0, 2, 3) if form == "svg" else (0, 3)), done.err
    assert not {"nan", "inf"} & set(re.findall(r"[a-z]+", done.out.lower().replace("info", "")))


def test_no_path_of_a_scenario_passes_the_total_that_is_named(cli: Cli, here: Path) -> None:
    text = "name,year,value\n"
    for year, total, part in ((2019, 90, 20), (2020, 92, 30), (2021, 95, 45), (2022, 97, 60)):
        text += f"all,{year},{total}\npart,{year},{part}\n"
    Path("cars.csv").write_text(text)
    line = [
        "scenario",
        "cars.csv",
        "--series",
        "part",
        "--growth",
        "60",
        "--year",
        "2030",
        "-f",
        "csv",
    ]
    free = rows(cli(*line).out)
    bound = rows(cli(*line, "--within", "::all").out)
    totals = rows(cli("project", "cars.csv", "--series", "all", "--year", "2030", "-f", "csv").out)
    upper = {row["period"]: float(row["upper_95"]) for row in totals}
    ends = [(row["period"], float(row["upper_95"] or row["value"])) for row in bound]
    assert all(value <= upper[period] * 1.001 for period, value in ends)
    assert float(free[-1]["value"]) > float(bound[-1]["value"])
