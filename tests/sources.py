"""The source of the package, parsed once a process."""

import ast
from functools import cache
from pathlib import Path

import rural_forecast

PACKAGE = Path(rural_forecast.__file__).parent


@cache
def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Every node of every file, by the file's path in the package."""
    texts = {file.relative_to(PACKAGE): file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))}
    return {path.as_posix(): tuple(ast.walk(ast.parse(text))) for path, text in texts.items()}
