"""Precedents: real, named histories whose last years look most like those of a series, and their
next years.

Nearest neighbours on log changes, in units of the mean absolute change of their window;
docs/model-card.md has the sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import ModelError, UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import HUGE, Array, Integers
from rural_forecast.observed.observation import NO_KIND, Series
from rural_forecast.question.precedents import PrecedentsQuestion
from rural_forecast.question.question import Question

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Words = NDArray[np.object_]

_FILE = Path(__file__).with_name("precedents.npz")
_STEP = 1e-4  # log change that 1 stands for in the file, whose changes are integers
_LIMIT = 32767  # the largest of them: a change that was cut to it matches nothing
# The kind of histories that are about a subject, which come first; others have none.
KIND_OF_SUBJECT = {
    "adoption": "adoption",
    "population": "demography",
    "economy": "macro",
    "spending": "consumption",
    "retail": "consumption",
    "services": "industry",
    "manufacturing": "industry",
}
FIELDS = ("what", "where", "source", "kind")
SEEN = 8  # changes compared, at most
FEWEST = 3  # values needed
FARTHEST = 10  # years shown after a precedent, at most
AGE_WEIGHT = 0.85  # weight of a change in that of the next
UNIT_WEIGHT = 0.7  # weight of the size of changes, next to their shape
SMALLEST_UNIT = 1e-3  # least mean absolute log change, in units of which changes are compared
MOST = 700.0  # growth in logs that a double still holds in percent


class Histories(NamedTuple):
    """Shipped histories: log changes end to end, and one entry of every other array for each
    history.
    """

    changes: Array
    begin: Integers
    length: Integers
    first_year: Integers
    what: Words
    where: Words
    source: Words
    kind: Words


class Precedent(NamedTuple):
    """A history like the series, and its growth afterwards."""

    name: str
    kind: str
    source: str
    from_year: int
    to_year: int
    distance: float
    """0 for the same changes; 1 is about a change of twice the usual size in every year."""
    before: tuple[float, ...]  # log changes compared, oldest first
    after: tuple[float, ...]  # log changes of the next years

    def path(self, start: float) -> Array:
        """Move a value by the changes of the next years, one year after the other."""
        with np.errstate(over="ignore"):
            return np.asarray(np.minimum(start * np.exp(np.cumsum(self.after)), HUGE))


@dataclass(frozen=True, slots=True, eq=False)
class Precedents(Comparable):
    """The histories most like a series, nearest first, next to its own forecast."""

    forecast: Forecast
    nearest: tuple[Precedent, ...]
    windows: int  # how many stretches of real histories were compared
    kind: str | None  # the only kind that was compared
    first: str | None = None  # the kind that comes before the others, by the subject of the series

    def __repr__(self) -> str:
        name = self.forecast.history.series.id
        return f"<Precedents of {name}: {len(self.nearest)} of {self.windows}>"

    def pace(self, share: float) -> tuple[float, ...]:
        """Return a quantile over the precedents of the growth a year up to each later year.

        Growth is in percent, from the end of the history.

        Parameters
        ----------
        share : of the precedents that grew less, 0 to 1
        """
        after = np.array([precedent.after for precedent in self.nearest])
        paces = after.cumsum(axis=1) / np.arange(1, after.shape[1] + 1)
        return tuple(percents(np.quantile(paces, share, axis=0)))


def percents(changes: ArrayLike) -> list[float]:
    """Return the growth in percent of log changes, at most what a double holds."""
    return list((100 * np.expm1(np.minimum(changes, MOST))).tolist())


@cache
def histories() -> Histories:
    """Read the shipped histories."""
    with np.load(_FILE, allow_pickle=False) as packed:
        words = {}
        for field in FIELDS:
            names = packed[f"{field}.names"].tobytes().decode().split("\n")
            words[field] = np.array(names, dtype=np.object_)[packed[field]]
        length = packed["length"].astype(np.int64)
        return Histories(
            changes=packed["changes"] * _STEP,
            begin=length.cumsum() - length,
            length=length,
            first_year=packed["first_year"].astype(np.int64),
            **words,
        )


def kinds() -> tuple[str, ...]:
    """List the kinds of markets among the histories, in alphabetical order."""
    return tuple(sorted({*histories().kind.tolist()}))


def precedents(series: Series, question: PrecedentsQuestion) -> Precedents:
    """Find the `count` real histories nearest to the last years of a series.

    At most one is from each country or state.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    count : how many histories, nearest first
    year, horizon : how far the histories are followed, ten years at most; two years without either
    kind : only histories of this kind of market, `trade` say; or a subject, which is that of the
        forecast too; or `none` for all of them
    like : the same product in other markets, which the forecast next to them follows where they are
        ahead
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError : the kind is unknown, the count is below one, the horizon is beyond ten years, or as
        `forecast` does
    ModelError : fewer than three values, values that are not positive, or values that do not change

    >>> import rural_forecast as rf
    >>> result = rf.precedents(rf.read("rural_online_shopping_turnover"), year=2018, count=1)
    >>> result.nearest[0].name, result.nearest[0].from_year, result.nearest[0].to_year
    ('mobile subscriptions, New Caledonia', 1999, 2001)
    """
    count = question.count
    kind = question.kind
    if count < 1:
        raise UsageError(f"{count} is no count of precedents.", "Give 1 or more.")
    if kind is not None:
        names = {*kinds(), *KIND_OF_SUBJECT, NO_KIND}
        if kind not in names:
            hint = f"There are {', '.join(sorted(names))}."
            raise UsageError(f"There is no kind of market {kind!r}.", hint, code="unknown_name")
    # A subject is stated of the market too, so that the forecast is that of `project`; other kinds
    # are of the histories alone.
    subject = kind if kind in (*KIND_OF_SUBJECT, NO_KIND) else None
    own = forecast(series, question.of(Question, kind=subject))
    if len(own.years) > FARTHEST:
        raise UsageError(
            f"{own.target} is more than {FARTHEST} years after {own.origin}; "
            "precedents are followed no further.",
            f"The last year that can be asked for is {own.origin + FARTHEST}.",
        )
    of_histories = None if kind == NO_KIND else KIND_OF_SUBJECT.get(kind or "", kind)
    result = of_forecast(own, count, of_histories)
    if result is None:
        problem = f"Precedents of {series.id} need {FEWEST} positive values that change."
        raise ModelError(problem, "Use project, which needs one value.")
    return result


def of_forecast(own: Forecast, count: int = 8, kind: str | None = None) -> Precedents | None:
    """Find the precedents of a series that was forecast; None where there can be none.

    Those of its subject come first. `kind` is as in `precedents`.
    """
    values = own.history.evidence
    years = len(own.years)
    if years > FARTHEST or len(values) < FEWEST:
        return None
    if values.min() <= 0 or np.ptp(values[-SEEN - 1 :]) == 0:
        return None
    most = min(whole_of_rate(own.history) or inf, own.limits.top)
    with np.errstate(over="ignore"):
        room = float(np.log(max(most / values[-1], 1.0)))
    first = None
    if kind is None and own.subject is not None:
        first = KIND_OF_SUBJECT.get(own.subject.name)
    closest, compared = nearest(values, years, count=count, kind=kind, first=first, room=room)
    return Precedents(own, closest, compared, kind, first) if closest else None


def nearest(
    values: Array,
    horizon: int,
    *,
    count: int = 8,
    kind: str | None = None,
    first: str | None = None,
    room: float = inf,
) -> tuple[tuple[Precedent, ...], int]:
    """Find the nearest windows to the end of a positive series, one a place.

    Returns them and the number of those compared. Each is followed by `horizon` more years of its
    history, in which it rises by at most `room` in logs. All are of `kind`, if there is one; those
    of the kind `first` come before the others.
    """
    corpus = histories()
    changes = np.diff(np.log(values))[-SEEN:]
    compared = len(changes)
    long_enough = corpus.length >= compared + horizon
    rows = np.flatnonzero(long_enough & ((kind is None) | (corpus.kind == kind)))
    windows = corpus.length[rows] - compared - horizon + 1  # of each history
    owner = np.repeat(rows, windows)
    number = np.arange(len(owner)) - np.repeat(windows.cumsum() - windows, windows)
    start = corpus.begin[owner] + number
    distance = distances(changes, corpus.changes, start)

    by_place: dict[str, Precedent] = {}
    is_other = corpus.kind[owner] != first
    for window in np.lexsort((distance, is_other)):
        row = int(owner[window])
        begin = int(start[window])
        end = begin + compared
        where = corpus.where[row]
        after = corpus.changes[end : end + horizon]
        if where not in by_place and after.cumsum().max() <= room:
            from_year = int(corpus.first_year[row]) + begin - int(corpus.begin[row])
            by_place[where] = Precedent(
                name=f"{corpus.what[row]}, {where}",
                kind=corpus.kind[row],
                source=corpus.source[row],
                from_year=from_year,
                to_year=from_year + compared,
                distance=float(distance[window]),
                before=tuple(corpus.changes[begin:end].tolist()),
                after=tuple(after.tolist()),
            )
        if len(by_place) == count:
            break
    return tuple(by_place.values()), len(start)


def distances(changes: Array, flat: Array, start: Integers) -> Array:
    """Measure the distance of changes to each window of `flat` that begins at `start`.

    Shape (window,).
    """
    compared = len(changes)
    others = flat[start[:, None] + np.arange(compared)]
    unit = np.maximum(np.abs(changes).mean(axis=-1), SMALLEST_UNIT)
    units = np.maximum(np.abs(others).mean(axis=-1), SMALLEST_UNIT)
    weight = AGE_WEIGHT ** np.arange(compared)[::-1]
    apart = np.arcsinh(others / units[:, None]) - np.arcsinh(changes / unit)
    of_shape = (apart**2 * weight).sum(axis=1) / weight.sum()
    of_size = (UNIT_WEIGHT * np.log(units / unit)) ** 2
    squares: Array = of_shape + of_size
    clipped = np.abs(others).max(axis=1) >= _LIMIT * _STEP
    return np.where(clipped, np.inf, np.sqrt(squares))
