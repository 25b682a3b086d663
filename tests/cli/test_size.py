"""`size` as users type it."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.sizing.model import load
from tests import schemas
from tests.inside import Cli, rows
from tests.sizing.build import MARKET, write

COLUMNS = "item,stage,period,value,lower_80,upper_80,lower_95,upper_95,variance_share,unit"
FEW = ("--draws", "2000")


def test_a_pipe_gets_the_rows_of_the_contract(cli: Cli) -> None:
    done = cli("size", "rural_online_retail", *FEW)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == COLUMNS
    found = rows(done.out)
    assert [row["period"] for row in found if row["item"] == "result"] == ["2025", "2026", "2027", "2028"]
    assert {row["unit"] for row in found if row["item"] in ("result", "top_down")} == {"bn CNY"}
    for year in ("2025", "2028"):
        shares = [float(row["variance_share"]) for row in found if row["period"] == year and row["variance_share"]]
        assert sum(shares) == pytest.approx(1)
        assert 0 <= float(next(row["value"] for row in found if row["item"] == "probability_above")) <= 1


def test_json_follows_its_schema(cli: Cli) -> None:
    told = json.loads(cli("size", "rural_retailer", *FEW, "--format", "json").out)
    schemas.check(told, "size")
    assert {row["stage"] for row in told["rows"]} == {"TAM", "SAM", "SOM", ""}
    assert "users + population + consumption" in {row["item"] for row in told["rows"]}
    assert told["provenance"]["seed"] == 1
    assert "rural_internet_users" in {one["id"] for one in told["series"]}


@pytest.mark.slow
def test_money_is_that_of_every_year_in_each_format(cli: Cli) -> None:
    line = ("size", "rural_online_retail", *FEW, "--currency", "EUR", "--real", "2020", "--inflation", "2")
    told = json.loads(cli(*line, "--format", "json").out)
    assert told["provenance"]["options"].items() >= {"currency": "EUR", "real": 2020, "inflation": 2}.items()
    assert "bn EUR (2020 prices)" in cli(*line, "--format", "table").out
    assert "bn euros (2020 prices)" in cli(*line, "--format", "svg").out


def test_what_is_doubtful_is_said(cli: Cli, tmp_path: Path) -> None:
    text = MARKET.replace("assumption = true\n", "", 1) + '[drivers.idle]\nvalue = 3\nunit = "ratio"\nsource = "x"\n'
    done = cli("size", write(tmp_path, text), *FEW, "-v", "--format", "json")
    found = {note["code"]: note["text"] for note in json.loads(done.out)["notes"]}
    assert "share" in found["no_source"]
    assert "idle" in found["unused_drivers"]
    assert "range_level" in found
    assert "warning: Ranges hold with 80 %" in done.err
    assert "4 drivers, 1 stages" in done.err


@pytest.mark.slow
def test_a_model_is_printed_sized_again_and_read_from_standard_input(cli: Cli, tmp_path: Path) -> None:
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

    for stdin, told in ((None, "is closed"), (io.TextIOWrapper(io.BufferedReader(Endless())), "larger than 1,000,000")):
        monkeypatch.setattr("sys.stdin", stdin)
        with pytest.raises(InputError, match=told):
            load("-")


NUMBERS = st.sampled_from(["1e150", "1e149", "-1e150", "1e-150", "1e-149", "0.0", "1.0", "1e75", "1e-75", "3.5", "0.3"])
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
    shape=st.sampled_from([("uniform", "low", "high"), ("pert", "low", "mode", "high")]),
    numbers=st.lists(NUMBERS, min_size=4, max_size=4),
    ends=st.tuples(NUMBERS, NUMBERS),
    formula=st.sampled_from(["a * b", "a / b", "a - b", "a / (a - b)", "a ** b", "max(a, b) / min(a, b)"]),
    form=st.sampled_from(["json", "table", "svg"]),
)
def test_extreme_numbers_are_sized_or_refused(
    cli: Cli, tmp_path: Path, shape: tuple[str, ...], numbers: list[str], ends: tuple[str, str], formula: str, form: str
) -> None:
    """Never a defect, and never a number that is none."""
    kind, *names = shape
    stated = "".join(f"{name} = {number}\n" for name, number in zip(names, numbers, strict=False))
    model = write(tmp_path, MODEL.format(formula, kind, stated, *ends))
    done = cli("size", model, "--draws", "1000", "--format", form)
    assert done.code in ((0, 2, 3) if form == "svg" else (0, 3)), done.err
    assert not {"nan", "inf"} & set(re.findall(r"[a-z]+", done.out.lower().replace("info", "")))
