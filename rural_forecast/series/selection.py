"""Which points of a series are used, and those that are not, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, TypedDict

from rural_forecast.series.basis import Basis
from rural_forecast.series.observation import Observation

Why = Literal["break", "gap", "since", "until", "new basis"]


class Selection(TypedDict, total=False):
    """Which points of a series are used; the arguments of `annual`."""

    since: int | None
    """First year used."""
    until: int | None
    """Last year used."""
    prefer: str | None
    """Source whose value is used where it gives one; `median` of the values of a year; or `rule`, the default."""
    allow_gaps: bool
    """Whether missing years in a user's file are accepted."""
    as_of: date | None
    """Only what had surely been published by this day."""
    basis: Basis
    """`levels` as published, or `chained`: rebuilt backwards from the latest level with the published growth."""


def selected(options: Mapping[str, Any]) -> Selection:
    """The options that choose points, of those of a forecast."""
    chosen: Any = {name: options[name] for name in Selection.__annotations__ if name in options}
    return chosen  # type: ignore[no-any-return] # the names are those of the type


class SetAside(NamedTuple):
    """A yearly value that models do not see, and why."""

    observation: Observation
    why: Why
    """`break`: on an earlier basis. `gap`: before a gap. `since`, `until`: outside the years asked for. `new basis`:
    after the years asked for and on a later basis."""
