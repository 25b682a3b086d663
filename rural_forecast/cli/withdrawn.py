"""Options and commands of release 2 that 3.0 withdrew, each with its replacement; they go with release 3.1."""

from __future__ import annotations

OPTIONS: dict[str, str] = {
    "--master": "Use --engine spark=URL.",
    "--scheduler": "Use --engine dask=URL.",
}
"""What to do instead, by the option as it was typed."""
COMMANDS: dict[str, str] = {}
"""What to type instead, by the command as it was typed, such as `models list`."""
