"""The parser against Python's own arithmetic, and its refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.sizing.formulas import evaluate, names, parse
from rural_forecast.sizing.toml import TableError

flat = st.lists(st.sampled_from(["+", "-", "*", "/", "**", "- -", "* -"]), min_size=1, max_size=6)


@given(flat, st.lists(st.integers(1, 4), min_size=7, max_size=7))
def test_precedence_is_python_s(signs: list[str], numbers: list[int]) -> None:
    text = f"{numbers[0]}.0"  # decimals, for a tower of whole powers would fill the memory before it failed
    for sign, number in zip(signs, numbers[1:], strict=False):
        text += f" {sign} {number}.0"
    try:
        expected = float(eval(text, {"__builtins__": {}}))
    except (OverflowError, ZeroDivisionError):
        return
    with np.errstate(all="ignore"):
        found = float(evaluate(parse(text), {}))
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("1_000 + .5", 1000.5),
        ("1.5e3", 1500),
        ("2e-3 * 1e+3", 2),
        ("max(1, 2, 3) - min(4, 5)", -1),
        ("+3", 3),
        ("\n 6 /\t4 ", 1.5),
    ],
)
def test_values(text: str, value: float) -> None:
    assert evaluate(parse(text), {}) == value


def test_names_in_order() -> None:
    assert [*names(parse("b * (a + b) / 用户"))] == ["b", "a", "b", "用户"]
    assert [*names(parse(" 用户 * in - class"))] == ["用户", "in", "class"]  # words of Python's own
    assert [*names(parse("True * True"))] == ["True", "True"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column 1 "),
        ("a +", "column 4 "),
        ("a b", "column 3 "),
        ("(a", "column 1 "),
        ("a)", "column 2 "),
        ("a * 60%", "column 8 "),
        ("1__0", "column 2 "),
        ("(" * 300 + "a" + ")" * 300, "column 201 "),
        ("a ^ 2", "'a ^ 2' is not arithmetic"),
        ("2 * exp(a)", "'exp(a)' is not arithmetic"),
        ("min(a)", "'min(a)' is not arithmetic"),
        ("a, b", "'a, b' is not arithmetic"),
        ("1e999", "'1e999' is not arithmetic"),
        ("a // b", "'a // b' is not arithmetic"),
        ("a < b", "'a < b' is not arithmetic"),
        ("a.__class__", "'a.__class__' is not arithmetic"),
        ("__import__(os)", "is not arithmetic"),
        ("a # b", "has a #"),
        ("2 ** " * 100 + "2", "100 signs"),
        ("-" * 1900 + "2", ""),
        ("a" * 20_000, "2,000 characters"),
    ],
)
def test_refusals_say_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(TableError) as caught:
        parse(text)
    assert said in caught.value.problem
