"""Libraries that come with an extra and may be missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rural_forecast.errors import UsageError


def load(module: str, extra: str, name: str) -> Any:
    """Import a library of an extra.

    Raises
    ------
    UsageError : it is not installed; the hint is the line that installs it
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            f"The format {name} needs {module.partition('.')[0]}, which is not installed.",
            f"pip install 'rural-forecast[{extra}]'",
        ) from error
