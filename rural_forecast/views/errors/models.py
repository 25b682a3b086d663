"""The words of errors about models: why one abstains, and names that none has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rural_forecast.errors import option

if TYPE_CHECKING:
    from rural_forecast.models.base import Reason

ABSTAINS = {
    "ANSWERS": "",
    "TOO_SHORT": "needs at least {least} points",
    "NOT_POSITIVE": "needs positive values",
    "CROSSES_ZERO": "its path would cross zero",
    "NOT_FINITE": "its path leaves the range of numbers",
    "NO_CEILING": "needs a stated ceiling",
    "ABOVE_CEILING": "its values reach the middle of the ceiling",
    "CONSTANT": "needs values that differ",
    "FAILED": "its library failed on this series",
}
"""By the name of a `models.base.Reason`."""


def abstains(model: str, why: Reason) -> str:
    """Empty where it answers."""
    from rural_forecast.forecasting import registry

    words = ABSTAINS[why.name]
    return words.format(least=registry.get(model).min_points) if "{" in words else words


def no_model_answers(models: Sequence[tuple[str, Reason]]) -> tuple[str, str]:
    """`models`: each that was asked for, and why it abstains."""
    hint = f"Leave {option('models')} out to get the consensus."
    return f"No model that was asked for can answer: {_each(models)}.", hint


def unanswered(models: Sequence[tuple[str, Reason]]) -> str:
    """The same of a series of a batch, where the consensus may give no finite number."""
    return f"no model that was asked for can answer: {_each(models)}"


def _each(models: Sequence[tuple[str, Reason]]) -> str:
    return "; ".join(f"{model} {abstains(model, why) or 'gives no finite number'}" for model, why in models)


def unknown_model(name: str) -> tuple[str, str]:
    from difflib import get_close_matches

    from rural_forecast.forecasting import registry

    names = registry.names()
    close = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), names, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Models are {', '.join(names)}."
    several = [part.strip() for part in name.split(",")]
    if len(several) > 1 and set(several) <= {*names, "consensus"}:
        hint = f"Give them one by one: {option('models', several)}."
    return f"There is no model named {name!r}.", hint
