"""Libraries that come with an extra: imported where they are used; a missing one is asked for by how to install it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rural_forecast.errors import UsageError


def need(module: str, extra: str, purpose: str) -> Any:
    """Import a library of an extra; `purpose` is what needs it, as the start of a sentence.

    Raises
    ------
    UsageError : it is not installed; the hint is the line that installs it
    """
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(
            f"{purpose} needs the extra '{extra}', which is not installed.",
            f"Install it: pip install 'rural-forecast[{extra}]'",
        ) from None
