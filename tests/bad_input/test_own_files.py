"""Model and scenario files that are broken, hostile or endless."""

from pathlib import Path

import pytest

from tests.bad_input.refusals import check_refusal, check_short, watched
from tests.inside import Cli

MODEL = """title = "Rural market"
unit = "bn CNY"
years = 2027
formula = "users * spending"
[drivers.users]
unit = "million persons"
value = "1..2"
[drivers.spending]
unit = "CNY per person and year"
value = "100..200"
"""
SCENARIO = 'series = "rural_online_shopping_turnover"\nyear = 2020\n[scenarios.slow]\ngrowth = 5\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.toml"


BROKEN: dict[str, str] = {
    "nothing": "",
    "a NUL": MODEL + "\0",
    "deep lists": "a = " + "[" * 10_000 + "]" * 10_000,
    "deep tables": MODEL + "[" + ".".join(["a"] * 10_000) + "]\n",
    "deep inline tables": "a = " + "{a=" * 5000 + "1" + "}" * 5000,
    "a huge number": MODEL.replace("2027", "9" * 5000),
    "a long number": MODEL.replace("2027", "9" * 500),
    "a product beyond all numbers": MODEL.replace("* spending", "* spending * 1e155").replace(
        "1..2", "1e149..1e150"
    ),
    "a large number": MODEL.replace('"1..2"', "1.7e308"),
    "a range beyond all logarithms": MODEL.replace("1..2", "5e-324..1.7e308"),
    "draws beyond all numbers": MODEL.replace("1..2", "1e-150..1e150"),
    "a name of 40,000 dots": MODEL + ".".join("a" * 40_000) + " = 1\n",
    "a quoted name of many dots": MODEL + " . ".join(['"a"'] * 40_000) + " = 1\n",
    "many dots in braces": MODEL + "x = [{" + ".".join("a" * 40_000) + " = 1}]\n",
    "a circle": MODEL
    + '[drivers.a]\nformula = "b"\nunit = "count"\n[drivers.b]\nformula = "a"\nunit = "count"\n',
    "5,000 drivers": MODEL
    + "".join(f'[drivers.x{n}]\nunit = "share"\nvalue = 0.5\n' for n in range(5000)),
    "a megabyte": MODEL + "#" + "x" * 1_000_000,
    "all years": MODEL.replace("2027", '"1..9999"'),
    "a name of escapes": MODEL + '[drivers."\\u001b[31m"]\nvalue = 1\nunit = "count"\n',
    "a key of escapes": MODEL.replace("title", '"\\u001b]0;x\\u0007"'),
}
FORMULAS = [
    "__import__('os').system('id')",
    "users * spending ** 9**9**9",
    "1e308 * 1e308 * users * spending",
    "(" * 6000 + "users * spending" + ")" * 6000,
    "(" * 400 + "users * spending" + ")" * 400,
    "users * spending" + " + users * spending" * 500,
    "users * " + "9" * 400 + " * spending",
    "u\u0455ers * spending",
    "users\u202e * spending",
    "users * spending * １",
    "",
]
UNITS = [
    "bn " * 5000 + "CNY",
    "CNY per " * 3000 + "person",
    "1" * 400 + " CNY",
    "thousand " * 200 + "persons",
    "%" * 5000,
    "per",
]
BROKEN |= {
    f"formula {place}": MODEL.replace("users * spending", text)
    for place, text in enumerate(FORMULAS)
}
BROKEN |= {
    f"unit {place}": MODEL.replace("million persons", text) for place, text in enumerate(UNITS)
}
SCENARIOS = [
    SCENARIO.replace("growth = 5", "growth = 1e308"),
    SCENARIO.replace("growth = 5", 'ceiling = "1..1e999"'),
    SCENARIO.replace("[scenarios.slow]", '[scenarios."\\u001b[31m"]'),
    "scenarios = []",
    "[" * 10_000,
    SCENARIO + "#" + "x" * 1_000_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN)
def test_broken_models(case: str, path: Path, cli: Cli) -> None:
    path.write_text(BROKEN[case], encoding="utf-8")
    check_short(cli("size", path), 3)


def test_broken_scenarios(path: Path, cli: Cli) -> None:
    for text in SCENARIOS:
        path.write_text(text)
        check_short(cli("scenario", "--from", path), 2, 3)


@pytest.mark.slow
def test_the_largest_model_takes_its_time_and_no_more_and_one_that_is_no_text_is_refused(
    path: Path, cli: Cli
) -> None:
    chain = "".join(f'[drivers.d{n}]\nformula = "d{n + 1}"\nunit = "count"\n' for n in range(40))
    path.write_text(MODEL + chain + '[drivers.d40]\nvalue = "1..2"\nunit = "count"\n')
    assert watched("size", str(path), "--format", "csv").code == 0
    path.write_bytes(MODEL.encode("utf-16"))
    check_refusal(cli("size", path), 3, "is not UTF-8 (byte 0)")
    path.write_bytes(MODEL.encode("utf-8-sig"))
    assert cli("size", path).code == 0
