"""Refuse data of another market than the one that was forecast."""

from __future__ import annotations

from textwrap import shorten

from rural_forecast.errors import InputError, Place
from rural_forecast.observed.observation import Series

LONGEST = 90  # characters of a definition in a hint


def require_same(kept: Series, actual: Series, file: str) -> None:
    """Refuse data of another unit or definition. Raises InputError."""
    whole_file = Place(file, file)
    if kept.unit and actual.unit and _plain(kept.unit) != _plain(actual.unit):
        problem = f"the forecast is in {kept.unit}, the data are in {actual.unit}."
        raise InputError(problem, "Name data in the same unit.", place=whole_file)
    same = kept.id == actual.id and not actual.file  # the catalogue may reword a definition
    if (
        kept.definition
        and actual.definition
        and not same
        and _plain(kept.definition) != _plain(actual.definition)
    ):
        ours, theirs = (shorten(of.definition, LONGEST, placeholder=" …") for of in (kept, actual))
        hint = f"The forecast is of {kept.id}: {ours}. The data are of {actual.id}: {theirs}."
        raise InputError(
            "the data are on another definition than the forecast.", hint, place=whole_file
        )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
