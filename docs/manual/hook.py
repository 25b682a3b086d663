"""Build hook of hatchling: adds the manual page to a wheel, made from the command tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualHook(BuildHookInterface[Any]):  # type: ignore[misc] # hatchling is there while a wheel is built
    """Writes `build/rural-forecast.1` and ships it where `man` looks."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the page; an editable installation has no place for it."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from docs.manual.page import page
            from rural_forecast.cli.surface import surface
        finally:
            sys.path.remove(str(root))
        target = root / "build" / "rural-forecast.1"
        target.parent.mkdir(exist_ok=True)
        target.write_text(page(surface()), encoding="utf-8", newline="\n")
        build_data["shared_data"][str(target)] = "share/man/man1/rural-forecast.1"
