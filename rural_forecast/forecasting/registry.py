"""Every model by name, in the order in which people see them."""

from __future__ import annotations

from difflib import get_close_matches

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting import reference
from rural_forecast.models.base import Model, Role
from rural_forecast.models.discovery import FOUND

MODELS: tuple[Model, ...] = (reference.MODEL, *FOUND)


def names(role: Role | None = None) -> tuple[str, ...]:
    """Names of all models, or of those with a role, in display order."""
    return tuple(model.name for model in MODELS if role is None or model.role == role)


def role(name: str) -> Role:
    """The role of a model; one that is not ours is an opinion."""
    return next((model.role for model in MODELS if model.name == name), "opinion")


def get(name: str | Model) -> Model:
    """The model of that name, or a model as it is. Raises UsageError if there is none; the hint names the nearest."""
    if isinstance(name, Model):
        return name
    for model in MODELS:
        if model.name == name:
            return model
    close = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), names(), n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Models are {', '.join(names())}."
    several = [part.strip() for part in name.split(",")]
    if len(several) > 1 and set(several) <= {*names(), "consensus"}:
        hint = f"Give them one by one: {option('models', several)}."
    raise UsageError(f"There is no model named {name!r}.", hint, code="unknown_name")
