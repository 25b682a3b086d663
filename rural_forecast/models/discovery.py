"""The models of this folder: every file that defines `MODEL`."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from rural_forecast import models
from rural_forecast.models.base import Model
from rural_forecast.models.learned import rows


def discovered(found: Iterable[Model]) -> tuple[Model, ...]:
    """Models in the order in which they are listed. Raises ValueError for a name or an order taken,
    or no factors.
    """
    known = rows("tails.members")
    taken = {("name", "reference"): "reference", ("order", 0): "reference"}
    for model in found:
        for trait in (("name", model.name), ("order", model.order)):
            if trait in taken:
                raise ValueError(
                    f"Two models have the {trait[0]} {trait[1]!r}: {taken[trait]} and {model.name}."
                )
            taken[trait] = model.name
        if (
            model.fit is not None
            and model.role != "member"
            and (model.intervals_of or model.name) not in known
        ):
            other = model.intervals_of
            lacks = (
                f"takes the interval factors of {other}, which has none"
                if other
                else "has no interval factors"
            )
            raise ValueError(
                f"The model {model.name} {lacks}: state in intervals_of whose it takes, one of {', '.join(known)}."
            )
    return tuple(sorted(found, key=lambda model: model.order))


_FILES = [
    import_module(f"{models.__name__}.{file.name}")
    for file in iter_modules(models.__path__)
    if file.name != "discovery"
]
FOUND = discovered([file.MODEL for file in _FILES if hasattr(file, "MODEL")])
