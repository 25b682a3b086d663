"""The parser against Python's own arithmetic, and its refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.sizing.formulas import ExpressionError, evaluate, names, parse

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
    assert [one.name for one in names(parse("b * (a + b) / 用户"))] == ["b", "a", "b", "用户"]
    assert [one.name for one in names(parse(" 用户 * in - class"))] == ["用户", "in", "class"]  # words of Python's own


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("a +", 4),
        ("a b", 3),
        ("(a", 1),
        ("a)", 2),
        ("a ^ 2", 3),
        ("a * 60%", 7),
        ("exp(a)", 1),
        ("min(a)", 1),
        ("a, b", 1),
        ("1__0", 2),
        ("1e999", 1),
        ("a // b", 4),
        ("a.__class__", 2),
        ("__import__(os)", 1),
        ("(" * 300 + "a" + ")" * 300, 201),
        ("2 ** " * 100 + "2", 251),
        ("a + " * 1000 + "a", 803),
        ("a" * 20_000, 10_001),
    ],
)
def test_refusals_name_the_column(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.column == column


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    column = 1
    try:
        parse(text)
    except ExpressionError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1
