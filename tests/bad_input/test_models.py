"""Model and scenario files that are broken, hostile or endless."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.refusals import check_refusal, watched
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


BROKEN = {
    "nothing": ("", "has no unit"),
    "a NUL": (MODEL + "\0", "line 11, column 1: this is not valid TOML"),
    "deep lists": ("a = " + "[" * 10_000 + "]" * 10_000, "nested too deep for a model"),
    "deep tables": (MODEL + "[" + ".".join(["a"] * 10_000) + "]\n", "nested too deep for a model"),
    "deep inline tables": ("a = " + "{a=" * 5000 + "1" + "}" * 5000, "nested too deep for a model"),
    "a huge number": (MODEL.replace("2027", "9" * 5000), "more than 1,000 digits"),
    "a long number": (MODEL.replace("2027", "9" * 500), "is not 1 to 101 years"),
    "a product beyond all numbers": (
        MODEL.replace("users * spending", "users * spending * 1e155").replace('"1..2"', '"1e149..1e150"'),
        "the formula gives no finite number for 2027",
    ),
    "a large number": (MODEL.replace('"1..2"', "1.7e308"), "1.7e+308 is farther from 0 than 1e150"),
    "a range beyond all logarithms": (MODEL.replace("1..2", "5e-324..1.7e308"), "is nearer to 0 than 1e-150"),
    "draws beyond all numbers": (MODEL.replace("1..2", "1e-150..1e150"), "its values grow beyond 1e+300 for 2027"),
    "a name of 40,000 dots": (MODEL + ".".join("a" * 40_000) + " = 1\n", "nested too deep for a model"),
    "a quoted name of many dots": (MODEL + " . ".join(['"a"'] * 40_000) + " = 1\n", "nested too deep for a model"),
    "many dots in braces": (MODEL + "x = [{" + ".".join("a" * 40_000) + " = 1}]\n", "nested too deep for a model"),
    "a circle": (
        MODEL + '[drivers.a]\nformula = "b"\nunit = "count"\n[drivers.b]\nformula = "a"\nunit = "count"\n',
        "the formulas go in a circle: a needs b needs a",
    ),
    "5,000 drivers": (
        MODEL + "".join(f'[drivers.x{place}]\nunit = "share"\nvalue = 0.5\n' for place in range(5000)),
        "a model has at most 200",
    ),
    "a chain of 3,000 formulas": (
        MODEL + "".join(f'[drivers.d{n}]\nformula = "d{n + 1}"\nunit = "count"\n' for n in range(3000)),
        "a model has at most 200",
    ),
    "a megabyte": (MODEL + "#" + "x" * 1_000_000, "is larger than 1,000,000 bytes"),
    "all years": (MODEL.replace("2027", '"1..9999"'), "is not 1 to 101 years"),
    "a name of escapes": (
        MODEL + '[drivers."\\u001b[31m"]\nvalue = 1\nunit = "count"\n',
        "is not a name that a formula",
    ),
    "a key of escapes": (MODEL.replace("title", '"\\u001b]0;x\\u0007"'), "is not known here"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_models(case: str, path: Path, cli: Cli) -> None:
    text, says = BROKEN[case]
    path.write_text(text)
    outcome = cli("size", str(path))
    assert outcome.code == 3, outcome.err
    assert says in outcome.err
    assert all(line.isprintable() and len(line) < 1600 for line in outcome.err.splitlines())
    assert outcome.err.startswith("error: ")
    assert "Warning" not in outcome.err


FORMULAS = {
    "__import__('os').system('id')": '"\'" is not part of arithmetic',
    "users * spending ** 9**9**9": "only a whole power up to 9",
    "1e308 * 1e308 * users * spending": "the formula gives no finite number",
    "(" * 6000 + "users * spending" + ")" * 6000: "more than 10,000 characters",
    "(" * 400 + "users * spending" + ")" * 400: "too many nested parentheses",
    "users * spending" + " + users * spending" * 500: "200 signs",
    "users * " + "9" * 400 + " * spending": "or too large",
    "u\u0455ers * spending": "there is no driver 'u\u0455ers'",
    "users\u202e * spending": "'\\u202e' is not part of arithmetic",
    "users * spending * １": "'１' is not a number",
    "": "the formula is empty",
}


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: ascii(formula[:30]) + str(len(formula)))
def test_hostile_formulas(formula: str, path: Path, cli: Cli) -> None:
    path.write_text(MODEL.replace('"users * spending"', f'"{formula}"'), encoding="utf-8")
    outcome = cli("size", str(path))
    assert outcome.code == 3
    assert FORMULAS[formula] in outcome.err
    assert all(line.isprintable() and len(line) < 1600 for line in outcome.err.splitlines())


@pytest.mark.parametrize(
    "unit",
    [
        "bn " * 5000 + "CNY",
        "CNY per " * 3000 + "person",
        "1" * 400 + " CNY",
        "thousand " * 200 + "persons",
        "%" * 5000,
        "per",
    ],
    ids=lambda unit: unit[:12],
)
def test_units_without_end(unit: str, path: Path, cli: Cli) -> None:
    path.write_text(MODEL.replace("million persons", unit))
    outcome = cli("size", str(path))
    assert outcome.code == 3
    assert all(len(line) < 1600 for line in outcome.err.splitlines())


@pytest.mark.slow
def test_the_largest_model_takes_its_time_and_no_more(path: Path) -> None:
    chain = "".join(f'[drivers.d{n}]\nformula = "d{n + 1}"\nunit = "count"\n' for n in range(190))
    path.write_text(MODEL + chain + '[drivers.d190]\nvalue = "1..2"\nunit = "count"\n')
    assert watched("size", str(path), "--format", "csv").code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SCENARIO.replace("growth = 5", "growth = 1e308"), "growth"),
        (SCENARIO.replace("growth = 5", 'ceiling = "1..1e999"'), "ceiling"),
        (SCENARIO.replace("[scenarios.slow]", '[scenarios."\\u001b[31m"]'), ""),
        ("scenarios = []", "there is no scenario"),
        ("[" * 10_000, ""),
        (SCENARIO + "#" + "x" * 1_000_000, "is larger than 1,000,000 bytes"),
    ],
    ids=range(6),
)
def test_broken_scenarios(text: str, says: str, path: Path, cli: Cli) -> None:
    path.write_text(text)
    outcome = cli("scenario", "--from", str(path))
    assert outcome.code in (0, 2, 3) if not says else outcome.code in (2, 3), outcome.err
    assert says in outcome.err
    assert all(line.isprintable() and len(line) < 1600 for line in (outcome.err + outcome.out).splitlines())
    assert "Warning" not in outcome.err


def test_a_file_that_is_no_text(path: Path, cli: Cli) -> None:
    path.write_bytes(MODEL.encode("utf-16"))
    check_refusal(cli("size", str(path)), 3, "is not UTF-8 (byte 0)", "Save it as UTF-8")
    path.write_bytes(MODEL.encode("utf-8-sig"))
    assert cli("size", str(path)).code == 0
