"""Forecast a panel: series of one length and horizon together, in blocks that fit a processor's cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rural_forecast.errors import ModelError, UsageError
from rural_forecast.forecasting.asking import ask_block
from rural_forecast.forecasting.batch.panel import Panel, Refusal
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.batch.rows import Rows, assemble
from rural_forecast.forecasting.bounds import contradiction, is_settled
from rural_forecast.forecasting.interruption import consensus_across, places_in, without
from rural_forecast.forecasting.limits import kept
from rural_forecast.forecasting.question import FARTHEST
from rural_forecast.forecasting.shape import MEMORY
from rural_forecast.models.base import Array, Codes, Integers, Reason

BLOCK_ROWS = 4096
"""Series of one call. Results do not depend on it."""
MOST_CELLS = 8_000_000
"""Numbers of a result that are held at once."""


def forecast_panel(panel: Panel, request: Request) -> tuple[list[Rows], list[Refusal]]:
    """Rows of every series in the order of the panel, in parts of bounded size, and the series that got none."""
    panel, contradicting = _possible(panel, request)
    panel, horizons, refusals = _within_reach(panel, request)
    refusals = contradicting + refusals
    most = int(horizons.max(initial=1))
    cells = len(request.slots) * most * (1 + 2 * len(request.levels))
    parts = []
    done = 0
    for part in panel.sliced(max(256, MOST_CELLS // cells)):
        ahead = horizons[done : done + len(part.ids)]
        done += len(part.ids)
        rows, none = _forecast(part, request, ahead)
        parts.append(rows)
        refusals += none
    return parts, refusals


def _possible(panel: Panel, request: Request) -> tuple[Panel, list[Refusal]]:
    """The series that do not contradict the stated limits."""
    kinds = kinds_of(panel, request)
    if not (request.limits.stated or any(kinds)) or not len(panel.ids):
        return panel, []
    wholes = _wholes(panel)
    refusals, possible = [], []
    for place, name in enumerate(panel.ids):
        values = panel.values[panel.offsets[place] : panel.offsets[place + 1]]
        stated = request.limits._replace(kind=kinds[place])
        contradicted = contradiction(int(panel.origins[place]) - len(values) + 1, values, stated, wholes[place])
        if contradicted is None:
            possible.append(place)
        else:
            refusals.append(Refusal(name, UsageError.of(contradicted)))
    return (panel.select(np.array(possible, dtype=np.int64)), refusals) if refusals else (panel, refusals)


def kinds_of(panel: Panel, request: Request) -> list[str | None]:
    """The stated kind of market of each series; none where the consensus is not asked for."""
    if CONSENSUS not in request.slots or not (request.kind or panel.kinds):
        return [None] * len(panel.ids)
    return [request.kind or panel.kinds.get(name) for name in panel.ids]


def interruptions(panel: Panel, request: Request) -> Iterator[tuple[int, list[int]]]:
    """The series with an interruption, each with the places in time that can be left out."""
    if not (request.interrupt or panel.interrupted):
        return
    lengths, origins = panel.lengths.tolist(), panel.origins.tolist()
    for index, name in enumerate(panel.ids):
        if years := request.interrupt or panel.interrupted.get(name, ()):
            yield index, places_in(lengths[index], origins[index] - lengths[index] + 1, years)


def _seen_values(panel: Panel, request: Request) -> Array:
    """Flat values as models see them, without interruptions; those of the panel where nothing is left out."""
    values = panel.values
    for index, places in interruptions(panel, request):
        if places:
            values = values.copy() if values is panel.values else values
            own = slice(panel.offsets[index], panel.offsets[index + 1])
            values[own] = without(panel.values[None, own], places)[0]
    return values


def _wholes(panel: Panel) -> Array:
    """The upper bound of each series; infinite for those that are no rates."""
    wholes = panel.wholes
    return np.array([wholes.get(name, np.inf) for name in panel.ids] if wholes else np.full(len(panel.ids), np.inf))


def _bound(panel: Panel, request: Request, points: Array, lower: Array, upper: Array) -> None:
    """Keep rates below the whole, and all series inside the stated limits."""
    stated, wholes, kinds = request.limits, _wholes(panel), kinds_of(panel, request)
    moved = np.array([kind is not None for kind in kinds])
    for rows in (np.flatnonzero(np.isfinite(wholes)), np.flatnonzero(np.isinf(wholes))):
        rates = bool(np.isfinite(wholes[rows]).all())
        if not len(rows) or not (rates or stated.stated):
            continue
        top = stated.top if stated.ceiling else wholes[rows, None, None] if rates else None
        settled = np.array([is_settled(slot, stated) for slot in request.slots])[:, None]
        if stated.ceiling and any(kinds):
            settled = settled & ~(moved[rows, None] & (np.array(request.slots) == CONSENSUS))[:, :, None]
        last = panel.values[panel.offsets[rows + 1] - 1][:, None, None]
        points[rows], lower[:, rows], upper[:, rows] = kept(
            points[rows],
            lower[:, rows],
            upper[:, rows],
            last,
            top=top,
            floor=stated.floor,
            cumulative=stated.cumulative,
            settled=settled,
        )


def _within_reach(panel: Panel, request: Request) -> tuple[Panel, Integers, list[Refusal]]:
    """The series for which there is something to forecast, with the years ahead of each."""
    if request.year is None:
        return panel, np.full(len(panel.ids), request.horizon, dtype=np.int64), []
    ahead = request.year - panel.origins
    near = (ahead >= 1) & (ahead <= FARTHEST)
    if near.all():
        return panel, ahead, []
    far = zip(np.flatnonzero(~near).tolist(), panel.origins[~near].tolist(), strict=True)
    refusals = [
        Refusal(panel.ids[place], UsageError.of("year_out_of_reach", origin=origin, year=request.year, most=FARTHEST))
        for place, origin in far
    ]
    return panel.select(np.flatnonzero(near)), ahead[near], refusals


def _forecast(panel: Panel, request: Request, horizons: Integers) -> tuple[Rows, list[Refusal]]:
    count, most = len(panel.ids), int(horizons.max(initial=1))
    slots, levels = len(request.slots), len(request.levels)
    points = np.full((count, slots, most), np.nan)
    lower = np.full((levels, count, slots, most), np.nan)
    upper = np.full((levels, count, slots, most), np.nan)
    reasons = np.zeros((count, slots), dtype=np.int8)
    lengths = np.minimum(panel.lengths, MEMORY) if request.slots == (CONSENSUS,) else panel.lengths
    kinds = kinds_of(panel, request)
    stated = any(kinds)
    values = _seen_values(panel, request)
    order = np.lexsort((horizons, lengths))
    keys = lengths[order] * (FARTHEST + 1) + horizons[order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    for group in np.split(order, edges):
        for start in range(0, len(group), BLOCK_ROWS):
            chosen = group[start : start + BLOCK_ROWS]
            ahead = int(horizons[chosen[0]])
            at = panel.offsets[chosen + 1][:, None] + np.arange(-lengths[chosen[0]], 0)
            plain = panel.values[at]
            same = values is panel.values or np.array_equal(values[at], plain)
            block = plain if same else values[at]
            block_kinds = [kinds[place] for place in chosen.tolist()] if stated else ()
            _fill(
                request,
                block,
                plain,
                block_kinds,
                chosen,
                points[..., :ahead],
                lower[..., :ahead],
                upper[..., :ahead],
                reasons,
            )
    _bound(panel, request, points, lower, upper)
    none = np.isnan(points[:, : request.main, 0]).all(axis=1)
    refusals = [
        Refusal(panel.ids[place], _unanswered(request, reasons[place])) for place in np.flatnonzero(none).tolist()
    ]
    if refusals:
        points[none] = np.nan
    return assemble(panel, request, points, lower, upper, horizons), refusals


def _fill(
    request: Request,
    block: Array,
    plain: Array,
    kinds: Sequence[str | None],
    chosen: Integers,
    points: Array,
    lower: Array,
    upper: Array,
    reasons: Codes,
) -> None:
    """Put the forecasts of every slot for a block into the results."""
    horizon = points.shape[-1]
    view = None
    for place, slot in enumerate(request.slots):
        model = request.model(slot)
        if model is None:
            joint = consensus_across(block, plain, horizon, request.levels, request.ceiling, kinds)
            bounds, view = (joint.point, joint.lower, joint.upper), joint.view
        else:
            own = ask_block(model, block, horizon, request.levels, request.ceiling, view)
            bounds = own.points, own.lower, own.upper
            reasons[chosen, place] = own.reasons
        if request.factors:
            seen = block if model is not None and model.role == "opinion" else block[:, -MEMORY:]
            bounds = bounds[0], *widened(seen, *bounds, request.factors)
        points[chosen, place] = bounds[0]
        lower[:, chosen, place] = np.moveaxis(bounds[1], 1, 0)
        upper[:, chosen, place] = np.moveaxis(bounds[2], 1, 0)


def _unanswered(request: Request, reasons: Codes) -> ModelError:
    models = zip(request.slots[: request.main], map(Reason, reasons.tolist()), strict=False)
    return ModelError.of("unanswered", models=tuple(models))


def widened(block: Array, points: Array, lower: Array, upper: Array, factors: tuple[float, ...]) -> tuple[Array, Array]:
    """Bounds at `factors` times their distance from the point, never crossing those of a lower level.

    Where the history is positive the distance is that of logarithms, so that bounds stay positive.

    Parameters
    ----------
    block : history, shape (series, time)
    points : shape (series, horizon)
    lower, upper : shape (series, level, horizon), levels in rising order
    factors : one a level
    """
    factor = np.asarray(factors)[None, :, None]
    middle = points[:, None, :]
    positive = (block.min(axis=1) > 0)[:, None, None]
    with np.errstate(all="ignore"):
        below = np.where(positive, middle * (lower / middle) ** factor, middle - factor * (middle - lower))
        above = np.where(positive, middle * (upper / middle) ** factor, middle + factor * (upper - middle))
    largest = np.finfo(np.float64).max
    below = np.where((block.min(axis=1) >= 0)[:, None, None], np.maximum(below, 0.0), below)
    return np.minimum.accumulate(below, axis=1), np.minimum(np.maximum.accumulate(above, axis=1), largest)
