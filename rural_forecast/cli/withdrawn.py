"""Options and commands of release 2 that 3.0 withdrew, each with its replacement; they go with release 3.1."""

from __future__ import annotations

OPTIONS: dict[str, str] = {
    "--nominal": "Forecast without --real for amounts in the prices of each year.",
    "--master": "Use --engine spark=URL.",
    "--scheduler": "Use --engine dask=URL.",
    "--prices": "Use --inflation COUNTRY, or --inflation FILE.",
    "--rates": "Use --rate FILE.",
    "--reconcile": "Use --prefer median, or --prefer rule.",
}
"""What to do instead, by the option as it was typed."""
COMMANDS: dict[str, str] = {
    "series sources": "'rural-forecast series show ID' lists the sources of a series.",
}
"""What to type instead, by the command as it was typed, such as `models list`."""
