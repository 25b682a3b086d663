"""Completion of option values and arguments, called by Typer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ASKED = "_RURAL_FORECAST_COMPLETE"
"""Set by a completion script."""


def series(incomplete: str) -> list[str]:
    """Ids and aliases of the catalogue; where none fits, the shell offers files."""
    from rural_forecast.series.catalogue import load

    catalogue = load()
    aliases = (summary.alias for summary in catalogue.summaries() if summary.alias)
    return [name for name in (*catalogue.ids(), *aliases) if name.startswith(incomplete)]


def models(incomplete: str) -> list[str]:
    """Names of the models."""
    from rural_forecast.forecasting.registry import names

    return [name for name in ("consensus", *names()) if name.startswith(incomplete)]


def model_names(incomplete: str) -> list[str]:
    """Names of the models, without the consensus."""
    return [name for name in models(incomplete) if name != "consensus"]


def sizing_models(incomplete: str) -> list[str]:
    """Names of the sizing models that ship."""
    from rural_forecast.sizing import model_file

    return [name for name in model_file.examples() if name.startswith(incomplete)]


def scenarios(incomplete: str) -> list[str]:
    """Names of the scenario files that ship."""
    from rural_forecast.scenarios import scenario_file

    return [name for name in scenario_file.examples() if name.startswith(incomplete)]


def columns(incomplete: str) -> list[str]:
    """Columns of the files on the command line."""
    return [name for word in words() for name in _header(word) if name.startswith(incomplete)]


def words() -> list[str]:
    """The words on the line, as the completion scripts pass them; none unless a shell asks for completions."""
    return (
        os.environ.get("COMP_WORDS", os.environ.get("_TYPER_COMPLETE_ARGS", "")).split() if ASKED in os.environ else []
    )


def _header(file: str) -> Iterator[str]:
    """The first line of a text file, cell by cell."""
    import csv

    path = Path(file)
    if path.suffix.lower() not in (".csv", ".tsv", ".tab", ".txt"):
        return
    try:
        with path.open(encoding="utf-8-sig") as lines:
            line = lines.readline(100_000)
    except (OSError, ValueError):
        return
    yield from next(csv.reader([line], delimiter="\t" if "\t" in line else ","), ())
