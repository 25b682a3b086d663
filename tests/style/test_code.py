"""The package keeps the rules of style that no linter has."""

import ast
from pathlib import Path

import pytest

from tests.style.code import EXEMPT, PACKAGE, bound_names, faults_of, repeated_classes

FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.slow
def test_no_line_of_the_package_breaks_a_rule() -> None:
    faults = [str(fault) for file in FILES for fault in faults_of(file)]
    assert not faults, "\n".join(faults)


def test_a_class_name_has_one_meaning() -> None:
    assert repeated_classes(FILES) == {}


@pytest.mark.parametrize(("file", "name"), sorted(EXEMPT))
def test_an_exempt_name_is_still_there(file: str, name: str) -> None:
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    assert any(name in bound_names(node) for node in ast.walk(tree))


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("a, b = 1, 2", "several statements in one assignment", id="packed"),
        pytest.param("f(*[1, 2])", "a literal splatted into a call", id="splat"),
        pytest.param("x = 'words' * (a > b)", "a text or list times a condition", id="product"),
        pytest.param(
            "x = 1 if a else 2 if b else 3", "a conditional in a conditional", id="nested"
        ),
        pytest.param(
            "if a and (b := c): pass", "a walrus in a condition of several parts", id="walrus"
        ),
        pytest.param(
            "x = [b for a in c for b in a if b]",
            "a comprehension that does several things",
            id="list",
        ),
        pytest.param("known = 1", "the vague name 'known'", id="vague"),
    ],
)
def test_a_fault_is_named(line: str, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(line, encoding="utf-8")
    assert [fault.rule for fault in faults_of(file, tmp_path)] == [rule]


@pytest.mark.parametrize(
    "line", ["x = 'Leave --kind out.'", "x = f'See rural-forecast nowcast {name}.'"]
)
def test_the_domain_speaks_no_command_line(line: str, tmp_path: Path) -> None:
    file = tmp_path / "record" / "module.py"
    file.parent.mkdir()
    file.write_text(f'"""As --kind does."""\n{line}', encoding="utf-8")
    rule = "a sentence of the domain in words of the command line"
    assert [fault.rule for fault in faults_of(file, tmp_path)] == [rule]


@pytest.mark.parametrize("line", ["a, b = b, a", "a, b = pair", "x = ' ' * width"])
def test_a_swap_or_a_repeated_space_is_no_fault(line: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(line, encoding="utf-8")
    assert not list(faults_of(file, tmp_path))


def test_a_class_of_two_meanings_is_named(tmp_path: Path) -> None:
    files = [tmp_path / "one.py", tmp_path / "other.py"]
    for file in files:
        file.write_text("class Line: ...", encoding="utf-8")
    assert repeated_classes(files) == {"Line": [str(file) for file in files]}
