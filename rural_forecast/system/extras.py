"""The libraries of extras, and the data that ship."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from rural_forecast.errors import UsageError

_PACKAGE = Path(__file__).parents[1]


def need(module: str, extra: str, purpose: str) -> Any:
    """Import a library of an extra; raise UsageError with the line that installs it where it is
    missing.
    """
    try:
        return import_module(module)
    except ImportError:
        problem = f"{purpose} needs the extra '{extra}', which is not installed."
        raise UsageError(
            problem, f"Install it: {install_line(extra)}", code="missing_extra"
        ) from None


def install_line(extra: str) -> str:
    """The shell command that installs an extra for the running interpreter; with uv if it has no
    pip.
    """
    from importlib.util import find_spec
    from shlex import join

    python = sys.executable or "python"
    installer = (
        [python, "-m", "pip", "install"]
        if find_spec("pip")
        else ["uv", "pip", "install", "--python", python]
    )
    return join([*installer, f"rural-forecast[{extra}]"])


def data_folder() -> Path:
    """The folder `data`: within an installed package, next to the package in a checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"
