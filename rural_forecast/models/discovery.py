"""The models of this folder: every file that defines `MODEL`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rural_forecast import models
from rural_forecast.models.base import Model

_files = [
    import_module(f"{models.__name__}.{file.name}")
    for file in iter_modules(models.__path__)
    if file.name != "discovery"
]
FOUND: tuple[Model, ...] = tuple(
    sorted((file.MODEL for file in _files if hasattr(file, "MODEL")), key=lambda model: model.order)
)
"""In the order in which they are listed."""
