"""Every model by name, in the order in which people see them, and models of a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from rural_forecast.api import ArgumentError
from rural_forecast.errors import UsageError
from rural_forecast.forecasting import reference
from rural_forecast.models.adapter import Opinion, one_by_one
from rural_forecast.models.base import Answer, Array, Model, Reason, Role
from rural_forecast.models.discovery import FOUND

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rural_forecast.question.question import NamedModel

DRAWS = 2_000  # paths that a model of a person's own draws
MODELS: tuple[Model, ...] = (reference.MODEL, *FOUND)


def names(role: Role | None = None) -> tuple[str, ...]:
    """List the names of models in display order."""
    return tuple(model.name for model in MODELS if role is None or model.role == role)


def role(name: str) -> Role:
    """Return the role of a model; one that is not ours is an opinion."""
    for model in MODELS:
        if model.name == name:
            return model.role
    return "opinion"


def get(name: str | Model) -> Model:
    """Return the model of that name, or a model as it is.

    Raises UsageError if there is none; the hint names the nearest.
    """
    if isinstance(name, Model):
        return name
    for model in MODELS:
        if model.name == name:
            return model
    key = name.lower().replace("-", "_").replace(" ", "_")
    close = get_close_matches(key, names(), n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Models are {', '.join(names())}."
    raise UsageError(f"There is no model named {name!r}.", hint, code="unknown_name")


@runtime_checkable
class OwnModel(Protocol):
    """A model of your own, for `forecast`, `compare`, `backtest` and `cross_validation`.

    Its forecast is the median of its paths, its intervals are their quantiles.

    >>> import numpy as np
    >>> import rural_forecast as rf
    >>> class Flat:
    ...     name = "flat"
    ...     def fit(self, values):
    ...         self.last = values[-1]
    ...     def paths(self, horizon, draws):
    ...         noise = np.random.default_rng(1).normal(1, 0.1, (draws, horizon))
    ...         return self.last * noise
    >>> rf.forecast({2014: 180, 2015: 353, 2016: 482}, models=[Flat()]).best.model
    'flat'
    """

    @property
    def name(self) -> str:
        """Its name in rows and pictures, none of ours."""

    def fit(self, values: Array, /) -> object:
        """Learn from the values of a series, shape (time,), oldest first."""

    def paths(self, horizon: int, draws: int, /) -> ArrayLike:
        """Draw paths of shape (draws, horizon) for the years after the last value."""


# A model that is asked for: a name, one of ours, or one of a person's own.
Asked = str | Model | OwnModel


def resolved(models: Sequence[str | NamedModel]) -> list[Any]:
    """Return names and our models as they are, and own models as models of ours.

    Raises ArgumentError for a name in use.
    """
    result = [model if isinstance(model, str | Model) else _adapted(model) for model in models]
    given = [model.name for model in result if isinstance(model, Model)]
    own = [model.name for model in models if not isinstance(model, str | Model)]
    taken = {*names(), "consensus", "pool"}
    if len(set(given)) < len(given) or not taken.isdisjoint(own):
        raise ArgumentError(
            "The name of a model is taken, or there twice.", "Give your model another name."
        )
    return result


def _adapted(own: Any) -> Model:
    if isinstance(own, type):
        raise ArgumentError(
            f"{own.__name__} is a class, and a model is wanted.", f"Make one: {own.__name__}()."
        )
    if not isinstance(own, OwnModel) or not isinstance(own.name, str):
        raise ArgumentError(
            f"A model has a name, fit(values) and paths(horizon, draws): {own!r} has not."
        )

    def ask(block: Array, horizon: int, levels: tuple[int, ...]) -> Answer:
        tails = np.array(levels) / 200

        def one(values: Array) -> Opinion:
            try:
                drawn = _drawn(own, values, horizon)
            except Exception as error:  # noqa: BLE001 - a model that fails says so in the result
                return Opinion(message=f"{type(error).__name__}: {error}", reason=Reason.FAILED)
            return Opinion(
                np.median(drawn, axis=0),
                np.quantile(drawn, 0.5 - tails, axis=0),
                np.quantile(drawn, 0.5 + tails, axis=0),
            )

        return one_by_one(block, horizon, levels, one)

    return Model(own.name, own.name, own_forecast=ask)


def _drawn(own: OwnModel, values: Array, horizon: int) -> Array:
    fitted = own.fit(values.copy())
    source = fitted if isinstance(fitted, OwnModel) else own
    drawn = np.asarray(source.paths(horizon, DRAWS), dtype=np.float64)
    if drawn.ndim != 2 or drawn.shape[1] != horizon or not len(drawn):
        raise ValueError(
            f"paths({horizon}, {DRAWS}) has the shape {drawn.shape}, not ({DRAWS}, {horizon})"
        )
    return drawn
