"""The rules of style that no linter has: `python -m tests.style.code [PATH ...]` lists faults.

One decision a line: what a line packs, a reader has to take apart again.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "rural_forecast"
VAGUE = {"at", "known", "seen", "place", "each", "made", "found", "said"}
"""Names that say nothing of what they hold."""
EXEMPT = {
    # Exported: the parameter of errors, and fields that Python users and machine formats read.
    ("errors.py", "place"),
    ("observed/catalogue.py", "place"),
    ("observed/findings.py", "place"),
    ("observed/observation.py", "place"),
    ("observed/observation.py", "made"),
}
"""Files and the vague names that they may keep."""
DOMAIN = {
    "observed",
    "models",
    "forecasting",
    "panels",
    "scenarios",
    "sizing",
    "question",
    "record",
}
"""Rooms whose sentences Python users and agents read too: `errors` spells options for each."""
COMMAND_LINE = re.compile(r"rural-forecast [a-z]|(?<![^\s'(])--[a-z]")
SHOWN = "objects/results.py"
"""Its classes are those of the domain with what shows them, under the same names."""
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LONGEST_COMPREHENSION = 4  # lines
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Fault(NamedTuple):
    """A place that breaks a rule."""

    file: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.text}"


@lru_cache(maxsize=1024)
def parsed(source: str) -> ast.Module:
    """The tree of a source; two rules ask for that of every file."""
    return ast.parse(source)


def faults_of(path: Path, root: Path = PACKAGE.parent) -> Iterator[Fault]:
    """The places of one file that break a rule, in its order."""
    source = path.read_text(encoding="utf-8")
    nodes = [*ast.walk(parsed(source))]
    lines = source.splitlines()
    name = path.resolve().relative_to(root.resolve()).as_posix()
    file = name.removeprefix(f"{PACKAGE.name}/")
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        line = getattr(node, "lineno", 1)
        text = lines[line - 1].strip() if lines else ""
        for rule in rules_broken(node):
            yield Fault(name, line, rule, text)
        for vague in VAGUE.intersection(bound_names(node)):
            if (file, vague) not in EXEMPT:
                yield Fault(name, line, f"the vague name '{vague}'", text)
        in_domain = file.partition("/")[0] in DOMAIN
        if in_domain and id(node) not in docstrings and speaks_command_line(node):
            yield Fault(name, line, "a sentence of the domain in words of the command line", text)


def rules_broken(node: ast.AST) -> Iterator[str]:
    """The rules that a node breaks, in words."""
    if isinstance(node, ast.Assign) and packs_statements(node):
        yield "several statements in one assignment"
    if isinstance(node, ast.Call) and any(map(is_starred_literal, node.args)):
        yield "a literal splatted into a call"
    if isinstance(node, ast.BinOp) and is_conditional_product(node):
        yield "a text or list times a condition"
    if isinstance(node, ast.IfExp) and any(
        isinstance(inner, ast.IfExp)
        for part in ast.iter_child_nodes(node)
        for inner in ast.walk(part)
    ):
        yield "a conditional in a conditional"
    if isinstance(node, ast.BoolOp) and any(
        isinstance(inner, ast.NamedExpr) for inner in ast.walk(node)
    ):
        yield "a walrus in a condition of several parts"
    if isinstance(node, COMPREHENSIONS) and does_several_things(node):
        yield "a comprehension that does several things"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        sliced = node.value
        if isinstance(sliced, ast.Name) and sliced.id == "self":
            yield "a record sliced by position"


def speaks_command_line(node: ast.AST) -> bool:
    """True for a text with a command or an option as it is typed."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return COMMAND_LINE.search(node.value) is not None


def packs_statements(node: ast.Assign) -> bool:
    """True if a tuple is assigned to a tuple although one statement after the other would do."""
    target = node.targets[0]
    if not isinstance(target, ast.Tuple) or not isinstance(node.value, ast.Tuple):
        return False
    values = node.value.elts
    if any(isinstance(part, ast.Starred) for part in (*target.elts, *values)):
        return False
    for rank, part in enumerate(target.elts):
        written = ast.unparse(part)
        for value in values[rank + 1 :]:
            read = {ast.unparse(inner) for inner in ast.walk(value) if isinstance(inner, ast.expr)}
            if written in read:
                return False  # a swap
    return True


def is_starred_literal(node: ast.expr) -> bool:
    """True for `*[...]` and `*(...)`."""
    return isinstance(node, ast.Starred) and isinstance(node.value, ast.List | ast.Tuple | ast.Set)


def is_conditional_product(node: ast.BinOp) -> bool:
    """True for `"words" * flag` and `[row] * (a > b)`; `" " * width` repeats, and may stay."""
    if not isinstance(node.op, ast.Mult):
        return False
    for repeated, times in ((node.left, node.right), (node.right, node.left)):
        if isinstance(repeated, ast.JoinedStr):
            return True
        is_text = isinstance(repeated, ast.Constant) and isinstance(repeated.value, str)
        if is_text and len(set(repeated.value)) > 1 and not isinstance(times, ast.Constant):
            return True
        literal = is_text or isinstance(repeated, ast.List | ast.Tuple)
        logical = isinstance(times, ast.Compare | ast.BoolOp) or (
            isinstance(times, ast.UnaryOp) and isinstance(times.op, ast.Not)
        )
        if literal and logical:
            return True
    return False


def does_several_things(node: ast.expr) -> bool:
    """True for a comprehension that nests and filters, nests twice, or is longer than a glance."""
    generators = node.generators  # type: ignore[attr-defined]
    nested = [
        inner for inner in ast.walk(node) if isinstance(inner, COMPREHENSIONS) and inner is not node
    ]
    filters = any(generator.ifs for generator in generators)
    deep = len(generators) > 1 or bool(nested)
    lines = (node.end_lineno or 0) - node.lineno + 1
    return (deep and filters) or len(generators) + len(nested) > 2 or lines > LONGEST_COMPREHENSION


def bound_names(node: ast.AST) -> Iterator[str]:
    """The names that a node gives a value: variables, parameters, functions, fields."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name


def repeated_classes(paths: list[Path]) -> dict[str, list[str]]:
    """Class names that several files define, with these files."""
    files: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        source = path.read_text(encoding="utf-8")
        if "class " not in source:
            continue
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.ClassDef) and not shows_its_base(node, path):
                files[node.name.strip("_")].append(str(path))
    return {name: where for name, where in files.items() if len(where) > 1}


def shows_its_base(node: ast.ClassDef, path: Path) -> bool:
    """True for a result of the Python API that extends the class of the domain with its name."""
    bases = [base.attr for base in node.bases if isinstance(base, ast.Attribute)]
    return path.as_posix().endswith(SHOWN) and node.name in bases


def main() -> None:
    """List the faults of files and folders; of the package if none is named."""
    paths = [Path(name) for name in sys.argv[1:]] or [PACKAGE]
    files = [
        file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
    ]
    counts: dict[str, int] = defaultdict(int)
    for file in files:
        for fault in faults_of(file):
            counts[fault.rule] += 1
            print(fault)
    for name, where in sorted(repeated_classes(files).items()):
        print(f"the class name '{name}' has several meanings: {', '.join(where)}")
    for rule, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:5}  {rule}")


if __name__ == "__main__":
    main()
