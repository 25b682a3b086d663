"""Names that a shell completes; what lists them is imported when the shell asks."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module


def catalogue_ids(incomplete: str) -> list[str]:
    """Complete ids and aliases of the catalogue; where none fits, the shell offers files."""
    names = import_module("rural_forecast.observed.catalogue").load().names()
    return [name for name in names if name.startswith(incomplete)]


def _listed(module: str, function: str, *others: str) -> Callable[[str], list[str]]:
    """Complete the names that a function lists."""

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{module}"), function)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


model_names = _listed("forecasting.registry", "names")
models_and_consensus = _listed("forecasting.registry", "names", "consensus")
scenario_files = _listed("sizing.toml", "scenario_files")
sizing_models = _listed("sizing.toml", "models")
