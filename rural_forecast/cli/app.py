"""The command tree."""

from __future__ import annotations


def run() -> int:
    """Run the command line and give its exit code."""
    return 0
