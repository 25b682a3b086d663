"""Correlations between drivers: a matrix from pairs, and draws that follow it with every driver's own values kept.

A correlation is that of the normal scores (a Gaussian copula); for ranges and forecasts it is close to the rank
correlation (6 / pi asin(r / 2)). Drivers that no pair joins are independent. The draws of a group are put in the order
of correlated normal scores, so each driver keeps exactly its own sorted values (Iman and Conover, 1982,
doi:10.1080/03610918208812265).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array, Integers
from rural_forecast.toml.table import TableError

_TOLERANCE = 1e-9
_MOST_TRIED = 50
"""Pairs, from the last on, of which each is tried as the one that makes the others impossible."""


class Pair(NamedTuple):
    """The correlation of two drivers."""

    first: str
    second: str
    value: float
    note: str = ""


def groups(pairs: Sequence[Pair]) -> tuple[tuple[str, ...], ...]:
    """Drivers that pairs join, directly or through others, each group in the order in which it is first named."""
    number_of: dict[str, int] = {}
    by_number: dict[int, list[str]] = {}
    for index, pair in enumerate(pairs):
        both = (pair.first, pair.second)
        touched = sorted({number_of[name] for name in both if name in number_of})
        number = touched[0] if touched else index
        joined = [name for other in touched[1:] for name in by_number.pop(other)]
        joined += [name for name in both if name not in number_of]
        by_number.setdefault(number, []).extend(joined)
        number_of |= dict.fromkeys(joined, number)
    return tuple(map(tuple, by_number.values()))


def matrix(names: Sequence[str], pairs: Sequence[Pair]) -> Array:
    """The correlation matrix of some drivers, of shape (driver, driver); a pair that is not given is 0.

    Raises TableError if no drivers could be so correlated (it is not positive semi-definite). It names a pair whose
    change alone would make them possible, the last such one, and the range in which it must be; else the last of all.
    """
    correlations = np.eye(len(names))
    row = {name: index for index, name in enumerate(names)}
    cells = {index: (row[pair.first], row[pair.second]) for index, pair in enumerate(pairs) if pair.first in row}
    for index, (i, j) in cells.items():
        correlations[i, j] = correlations[j, i] = pairs[index].value
    if _can_be(correlations):
        return correlations
    for index, (i, j) in islice(reversed(cells.items()), _MOST_TRIED):
        low, high = _possible(correlations, i, j)
        changed = correlations.copy()
        changed[i, j] = changed[j, i] = (low + high) / 2
        if _can_be(changed):
            raise _impossible(pairs, index, (low, high))
    raise _impossible(pairs, max(cells), None)


def _impossible(pairs: Sequence[Pair], index: int, possible: tuple[float, float] | None) -> TableError:
    first, second, value, _ = pairs[index]
    fields = {"first": first, "second": second, "correlation": value, "possible": possible}
    return TableError.of("impossible_correlation", "correlations", index, **fields)


def _can_be(correlations: Array) -> bool:
    return bool(np.linalg.eigvalsh(correlations)[0] > -_TOLERANCE)


def _possible(correlations: Array, i: int, j: int) -> tuple[float, float]:
    """The range of the correlation of i and j, given all others: their partial correlation is -1 to 1."""
    others = [k for k in range(len(correlations)) if k not in (i, j)]
    inverse = np.linalg.pinv(correlations[np.ix_(others, others)], hermitian=True)
    to_i, to_j = correlations[i, others], correlations[j, others]
    middle = float(to_i @ inverse @ to_j)
    left = np.array([1 - to_i @ inverse @ to_i, 1 - to_j @ inverse @ to_j])
    half = float(np.sqrt(np.maximum(left, 0).prod()))
    return max(-1.0, middle - half), min(1.0, middle + half)


def ranks(correlations: Array, scores: Array) -> Integers:
    """Ranks from 0, of shape (driver, draw), whose normal scores have these correlations.

    `scores`: independent standard normal draws of shape (driver, draw).
    """
    values, vectors = np.linalg.eigh(correlations)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    order = np.argsort(root @ scores, axis=1, kind="stable")
    ranked = np.empty_like(order)
    np.put_along_axis(ranked, order, np.broadcast_to(np.arange(scores.shape[1]), order.shape), axis=1)
    return ranked
