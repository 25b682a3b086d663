"""A model: a kernel over blocks of equal-length series, with the facts people need to judge it.

A kernel never prints and never raises for data: a series it cannot forecast gets a row of NaN and a
`Reason`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Codes = NDArray[np.int8]
    Flags = NDArray[np.bool_]
    Integers = NDArray[np.int64]
else:  # numpy.typing would cost every start 10 ms
    Array = Codes = Flags = Integers = np.ndarray

HUGE = float(np.finfo(np.float64).max)
TINY = float(np.finfo(np.float64).tiny)

Ceiling = tuple[float, float]
"""A stated range of the level at which a market saturates, low before high, both positive."""
Band = tuple[Array, Array, Array]
"""Medians, and their lower and upper bounds."""
NO_BOUNDS = np.empty((1, 0, 1))
_ROUNDING = 1e-12
"""Share of the last value that may be rounding in a path made of sums."""


class Reason(IntEnum):
    """Why a model abstains, or its path ends: a code that arrays hold, and its words."""

    words: str
    ANSWERS = 0, ""
    TOO_SHORT = 1, "needs at least {points} points"
    NOT_POSITIVE = 2, "needs positive values"
    CROSSES_ZERO = 3, "its path would cross zero"
    NOT_FINITE = 4, "its path leaves the range of numbers"
    NO_CEILING = 5, "needs a stated ceiling"
    ABOVE_CEILING = 6, "its values reach the middle of the ceiling"
    CONSTANT = 7, "needs values that differ"
    FAILED = 8, "its library failed on this series"

    def __new__(cls, code: int, words: str = "") -> Self:
        """Make a code with its words."""
        reason = int.__new__(cls, code)
        reason._value_ = code
        reason.words = words
        return reason

    def of(self, model: Model) -> str:
        """Say why this model abstains; empty if it answers."""
        return self.words.format(points=model.min_points)


class Parameter(NamedTuple):
    """One parameter of a model, with its bounds where it has any."""

    name: str
    meaning: str
    unit: str = ""
    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True, slots=True)
class Fit:
    """A model fitted to a block."""

    path: Callable[[int], Array]
    """Points of shape (series, horizon) for 1..horizon periods after the last."""
    parameters: Mapping[str, Array] = field(default_factory=dict)  # each of shape (series,)
    reasons: Codes | None = None
    """Shape (series,), `Reason` codes from fitting; None if all series have a path."""


class Answer(NamedTuple):
    """Points of a model up to the end of its path, with the reason where it ends."""

    points: Array
    """Shape (series, horizon); NaN from the end of the path on, which no horizon changes."""
    reasons: Codes  # shape (series,): why a path ends, 0 where every year has a point
    lower: Array = NO_BOUNDS
    """Shape (series, level, horizon); no levels from models without intervals of their own."""
    upper: Array = NO_BOUNDS
    message: str = ""  # warnings of the library that fitted it


Role = Literal["member", "curve", "opinion"]
"""A `member` may have a weight in the consensus, a `curve` has one once a ceiling is stated, an
`opinion` has none.
"""


@dataclass(frozen=True, slots=True)
class Model:
    """A named model: it has `fit`, a kernel of ours, or `own_forecast`, that of a library."""

    name: str
    title: str
    role: Role = "opinion"
    min_points: int = 1  # the fewest points it needs
    formula: str = ""
    assumes: str = ""
    reference: str = ""  # author, year and DOI where there is one
    parameters: tuple[Parameter, ...] = ()
    spreadsheet: str = ""  # the spreadsheet function that gives the same number, or empty
    positive: bool = False  # True if it needs positive values
    fit: Callable[..., Fit] | None = None
    """Takes a block of shape (series, time); that of a curve takes the ceiling, too."""
    own_forecast: Callable[[Array, int, tuple[int, ...]], Answer] | None = None
    """Takes values, horizon and levels."""
    order: int = 0  # its place in lists: rising, with gaps for others
    reassigned_to: str = ""
    """The member that gets the weight that this one loses where its path ends."""
    intervals_of: str = ""  # the model whose interval factors it borrows, if it has none of its own


def answer(
    model: Model,
    values: Array,
    horizon: int,
    levels: tuple[int, ...] = (),
    ceiling: Ceiling | None = None,
) -> Answer:
    """Ask a model for its points after finite values of shape (series, time).

    Each path ends before its first impossible year.
    """
    count, length = values.shape
    reason = Reason.ANSWERS
    if length < model.min_points:
        reason = Reason.TOO_SHORT
    elif model.role == "curve" and ceiling is None:
        reason = Reason.NO_CEILING
    if reason != Reason.ANSWERS:
        points = np.full((count, horizon), np.nan)
        bounds = np.full((count, len(levels), horizon), np.nan)
        return Answer(points, np.full(count, reason, dtype=np.int8), bounds, bounds)

    with np.errstate(all="ignore"):
        if model.own_forecast is not None:
            return _screen(model, values, model.own_forecast(values, horizon, levels))
        assert model.fit is not None
        fit = model.fit(values, ceiling) if model.role == "curve" else model.fit(values)
        reasons = np.zeros(count, dtype=np.int8) if fit.reasons is None else fit.reasons
        return _screen(model, values, Answer(fit.path(horizon), reasons))


def _screen(model: Model, values: Array, answer: Answer) -> Answer:
    """End each path before its first impossible year.

    A year is judged by the path up to it and by nothing later.
    """
    points = answer.points
    least = values.min(axis=1, keepdims=True)
    touches = least == 0
    refused = model.positive & (least[:, 0] <= 0)

    # The path of a positive history ends before zero, that of one with zeros below it. A line may
    # miss zero by rounding.
    near: Array | float = 0.0
    if not model.positive:
        size = np.where(touches, values.max(axis=1, keepdims=True), values[:, -1:])
        near = size * _ROUNDING
    finite = np.isfinite(points)
    sinks = ((least > 0) & (points <= near)) | (touches & (points < -near))
    never = (answer.reasons != 0) | refused
    ended = np.logical_or.accumulate(never[:, None] | ~finite | sinks, axis=1)
    first_ended = ended.argmax(axis=1)[:, None]
    overflows = ~np.take_along_axis(finite, first_ended, axis=1)[:, 0]

    masks = (answer.reasons != 0, refused, overflows, ended[:, -1])
    choices = (answer.reasons, Reason.NOT_POSITIVE, Reason.NOT_FINITE, Reason.CROSSES_ZERO)
    reasons = np.select(masks, choices, Reason.ANSWERS).astype(np.int8)
    points = np.where(ended, np.nan, np.where(touches, np.maximum(points, 0.0), points))
    lower, upper = (np.where(ended[:, None], np.nan, side) for side in (answer.lower, answer.upper))
    return Answer(points, reasons, lower, upper, answer.message)
