"""The models of this folder: every file that defines `MODEL`."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from rural_forecast import models
from rural_forecast.models.base import Model
from rural_forecast.models.learned import rows


def discovered(candidates: Iterable[Model]) -> tuple[Model, ...]:
    """Sort models by their order in lists.

    Raises ValueError if a name or an order is taken, or a model has no interval factors.
    """
    # The reference class is a member without a file of its own here.
    taken = {("name", "reference"): "reference", ("order", 0): "reference"}
    for model in candidates:
        for trait, value in (("name", model.name), ("order", model.order)):
            if (trait, value) in taken:
                pair = f"{taken[trait, value]} and {model.name}"
                raise ValueError(f"Two models have the {trait} {value!r}: {pair}.")
            taken[trait, value] = model.name
        _require_factors(model)
    return tuple(sorted(candidates, key=lambda model: model.order))


def _require_factors(model: Model) -> None:
    """Check that there are interval factors for a kernel; those of members are always learned."""
    if model.fit is None or model.role == "member":
        return
    with_factors = rows("tails.members")
    other = model.intervals_of
    if (other or model.name) in with_factors:
        return
    lacks = f"takes the interval factors of {other}, which has none"
    if not other:
        lacks = "has no interval factors"
    raise ValueError(
        f"The model {model.name} {lacks}: state in intervals_of whose it takes, "
        f"one of {', '.join(with_factors)}."
    )


_NAMES = [file.name for file in iter_modules(models.__path__) if file.name != "discovery"]
_FILES = [import_module(f"{models.__name__}.{name}") for name in _NAMES]
FOUND = discovered([file.MODEL for file in _FILES if hasattr(file, "MODEL")])
