"""The libraries of extras, and the data that ship."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from rural_forecast.errors import UsageError

_PACKAGE = Path(__file__).parents[1]


def need(module: str, extra: str, purpose: str) -> Any:
    """Import a library of an extra.

    Raises UsageError with the line that installs it if it is missing.
    """
    try:
        return import_module(module)
    except ImportError:
        problem = f"{purpose} needs the extra '{extra}', which is not installed."
        hint = f"Install it: {install_line(extra)}"
        raise UsageError(problem, hint, code="missing_extra") from None


def install_line(extra: str) -> str:
    """Write the shell command that installs an extra for the running interpreter.

    It is one of uv if the interpreter has no pip.
    """
    from importlib.util import find_spec
    from shlex import join

    python = sys.executable or "python"
    installer = ["uv", "pip", "install", "--python", python]
    if find_spec("pip"):
        installer = [python, "-m", "pip", "install"]
    return join([*installer, f"rural-forecast[{extra}]"])


def data_folder() -> Path:
    """Find the folder `data`: within an installed package, next to the package in a checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"
