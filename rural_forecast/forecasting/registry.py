"""Every model by name, in the order in which people see them."""

from __future__ import annotations

from rural_forecast.errors import UsageError
from rural_forecast.forecasting import reference
from rural_forecast.models.base import Model, Role
from rural_forecast.models.discovery import FOUND

MODELS: tuple[Model, ...] = (reference.MODEL, *FOUND)


def names(role: Role | None = None) -> tuple[str, ...]:
    """Names of all models, or of those with a role, in display order."""
    return tuple(model.name for model in MODELS if role is None or model.role == role)


def get(name: str) -> Model:
    """The model of that name. Raises UsageError if there is none; the hint names the nearest."""
    for model in MODELS:
        if model.name == name:
            return model
    raise UsageError.of("unknown_model", name=name, code="unknown_name")
