"""The source of the package, parsed once a process."""

import ast
from functools import cache
from pathlib import Path

import rural_forecast

PACKAGE = Path(rural_forecast.__file__).parent


@cache
def trees() -> dict[str, ast.Module]:
    """Every file by its path in the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


@cache
def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Every node of every file, in the order of `ast.walk`."""
    return {name: tuple(ast.walk(tree)) for name, tree in trees().items()}
