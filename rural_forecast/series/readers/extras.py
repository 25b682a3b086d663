"""Optional libraries: imported where they are used; a missing one is asked for by its `pip install` line."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rural_forecast.errors import UsageError


def need(module: str, extra: str, purpose: str) -> Any:
    """Import an optional library.

    Raises
    ------
    UsageError : it is not installed; the hint is the line that installs it
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise UsageError(
            f"{purpose} needs the extra '{extra}'", f"Install it: pip install 'rural-forecast[{extra}]'"
        ) from None
