"""Errors in words: one text or function a reason, in the file of the room that raises it.

A text of `TEXTS` says what is wrong, or is a pair of that and the hint; fields are in braces, see `views.phrases`.
A function takes the fields and returns the same. Both may take `place`, where the sentence does not begin with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pkgutil import iter_modules
from typing import TypeAlias

from rural_forecast.errors import Worded
from rural_forecast.views.phrases import filled, of_file, taken

ROOMS = tuple(file.name for file in iter_modules(__path__))
Texts: TypeAlias = "str | tuple[str, str]"


def of_room(room: str) -> dict[str, Texts | Callable[..., Texts]]:
    """The texts and functions of one file, by reason."""
    return of_file(f"{__name__}.{room}")


@cache
def worded(reason: str) -> Texts | Callable[..., Texts]:
    """The texts or the function of a reason; files are loaded in turn until one has it."""
    return next(of_room(room)[reason] for room in ROOMS if reason in of_room(room))


@cache
def _begins_elsewhere(reason: str) -> bool:
    """Whether the words of a reason take the place, which sentences begin with otherwise."""
    return "place" in taken(worded(reason))


def words(found: Worded) -> tuple[str, str]:
    """What is wrong and what to do, of an error or a problem."""
    texts = worded(found.reason)
    fields = dict(found.fields)
    if _begins_elsewhere(found.reason):
        fields["place"] = found.place
    if callable(texts):
        texts = texts(**fields)
        return (texts, "") if isinstance(texts, str) else texts
    problem, hint = (texts, "") if isinstance(texts, str) else texts
    return filled(problem, fields), filled(hint, fields)
