"""Completion scripts of the shells, made from the command surface and shipped as they are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Shell(StrEnum):
    """Shells with a completion."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


_FILES = {"bash": "rural-forecast.bash", "zsh": "_rural-forecast", "fish": "rural-forecast.fish"}


def path(shell: str) -> Path:
    """Where the script of a shell lies; each file is named as its shell wants it."""
    return Path(__file__).with_name("completions") / _FILES[shell]
