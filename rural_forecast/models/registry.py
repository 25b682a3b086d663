"""Every model by name, in the order in which people see them."""

from __future__ import annotations

from rural_forecast.models.base import Model

MODELS: tuple[Model, ...] = ()
