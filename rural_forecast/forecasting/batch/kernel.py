"""Forecast a panel: series of one length and horizon together, in blocks that fit a processor's cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rural_forecast.errors import ModelError, Problem, UsageError
from rural_forecast.forecasting.batch.panel import CONSENSUS, Panel, Refusal, Request
from rural_forecast.forecasting.batch.rows import Rows, assemble
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.leaders import Continued, ahead_of, led
from rural_forecast.forecasting.limits import NONE, contradiction, is_settled, limited
from rural_forecast.forecasting.question import FARTHEST, not_a_part
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.forecasting.shape import MEMORY
from rural_forecast.models.base import HUGE, Array, Codes, Integers, Reason
from rural_forecast.text.cells import shown

BLOCK_ROWS = 4096
"""Series of one call. Results do not depend on it."""
MOST_CELLS = 8_000_000
"""Numbers of a result that are held at once."""


def forecast_panel(panel: Panel, request: Request) -> tuple[list[Rows], list[Refusal]]:
    """Rows of every series in the order of the panel, in parts of bounded size, and the series that got none."""
    errors = _impossible(panel, request)
    refusals = [Refusal(panel.ids[place], error) for place, error in errors.items()]
    if errors:
        panel = panel.select(np.setdiff1d(np.arange(len(panel.ids)), [*errors]))
    most = int(_ahead(panel, request).max(initial=1))
    cells = len(request.slots) * most * (1 + 2 * len(request.levels))
    parts = []
    for part in panel.sliced(max(256, MOST_CELLS // cells)):
        rows, unanswered = _forecast(part, request)
        parts.append(rows)
        refusals += unanswered
    return parts, refusals


def _ahead(panel: Panel, request: Request) -> Integers:
    """The years to forecast of each series."""
    if request.year is None:
        return np.full(len(panel.ids), request.horizon, dtype=np.int64)
    return request.year - panel.origins


def _impossible(panel: Panel, request: Request) -> dict[int, UsageError]:
    """Why series contradict the stated limits, or have nothing to forecast, by place."""
    errors: dict[int, UsageError] = {}
    kinds = kinds_of(panel, request)
    if request.limits.stated or any(kinds):
        starts, wholes = (panel.origins + 1 - panel.lengths).tolist(), _wholes(panel)
        for place, values in enumerate(np.split(panel.values, panel.offsets[1:-1]) if kinds else ()):
            stated = request.limits._replace(kind=kinds[place])
            contradicted = contradiction(starts[place], values, stated, wholes[place])
            if contradicted is not None:
                errors[place] = UsageError.of(contradicted)
    for place, problem in _outside(panel):
        errors.setdefault(place, UsageError.of(problem))
    ahead = _ahead(panel, request)
    by_origin: dict[int, UsageError] = {}  # one for many series: words are made once
    for place in np.flatnonzero((ahead < 1) | (ahead > FARTHEST)).tolist():
        origin = int(panel.origins[place])
        if origin not in by_origin:
            where = "not after it" if ahead[place] < 1 else f"more than {FARTHEST} years later"
            by_origin[origin] = UsageError(f"its last year is {origin}, and {request.year} is {where}")
        errors.setdefault(place, by_origin[origin])
    return errors


def _outside(panel: Panel) -> Iterator[tuple[int, Problem]]:
    """The series that are no part of the total that they name, and why."""
    totals = panel.totals if panel.within else None
    places = {name: place for place, name in enumerate(totals.ids)} if totals else {}
    for place, name in enumerate(panel.ids if panel.within else ()):
        if (total := panel.within.get(name)) is None:
            continue
        if totals is None or total not in places:
            text = f"its total {shown(total)} is not there, or refused."
            yield place, Problem(text, "Write the id of a series of the same input.")
            continue
        units = panel.units[place], totals.units[places[total]]
        if all(units) and len({*units}) > 1:
            text = f"it is in {units[0]}, and its total {shown(total)} in {units[1]}."
            yield place, Problem(text, "Give both in one unit.")
        elif (problem := not_a_part(*panel.series(place), *totals.series(places[total]))) is not None:
            yield place, problem


def kinds_of(panel: Panel, request: Request) -> list[str | None]:
    """The stated kind of market of each series; none where the consensus is not asked for."""
    if CONSENSUS not in request.slots or not (request.limits.kind or panel.kinds):
        return [None] * len(panel.ids)
    return [request.limits.kind or panel.kinds.get(name) for name in panel.ids]


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
        most = wholes[rows, None, None] if rates else None
        settled = np.array([is_settled(slot, stated) for slot in request.slots])[:, None]
        if stated.ceiling and any(kinds):
            settled = settled & ~(moved[rows, None] & (np.array(request.slots) == CONSENSUS))[:, :, None]
        last = panel.values[panel.offsets[rows + 1] - 1][:, None, None]
        parts = points[rows], lower[:, rows], upper[:, rows]
        points[rows], lower[:, rows], upper[:, rows] = limited(*parts, last, stated, most, settled, request.levels)


def _blocks(lengths: Integers, ahead: Integers) -> Iterator[Integers]:
    """Places of series of one length and as many years ahead."""
    order = np.lexsort((ahead, lengths))
    keys = lengths[order] * (FARTHEST + 1) + ahead[order]
    for group in np.split(order, np.flatnonzero(np.diff(keys)) + 1):
        for start in range(0, len(group), BLOCK_ROWS):
            yield group[start : start + BLOCK_ROWS]


def _forecast(panel: Panel, request: Request) -> tuple[Rows, list[Refusal]]:
    points, lower, upper, reasons = numbers(panel, request)
    _cut(panel, request, points, lower, upper)
    none = np.isnan(points[:, : len(request.main), 0]).all(axis=1)
    points[none] = np.nan
    whys = {why: _unanswered(request, why) for why in map(tuple, np.unique(reasons[none], axis=0).tolist())}
    places = np.flatnonzero(none).tolist()
    refusals = [Refusal(panel.ids[place], whys[tuple(reasons[place].tolist())]) for place in places]
    return assemble(panel, request, points, lower, upper, _ahead(panel, request)), refusals


def numbers(panel: Panel, request: Request) -> tuple[Array, Array, Array, Codes]:
    """Points of shape (series, slot, year), bounds of shape (level, series, slot, year), and reasons of every slot."""
    ahead = _ahead(panel, request)
    shape = len(panel.ids), len(request.slots), int(ahead.max(initial=1))
    points = np.full(shape, np.nan)
    lower, upper = (np.full((len(request.levels), *shape), np.nan) for _ in range(2))
    reasons = np.zeros(shape[:2], dtype=np.int8)
    lengths = np.minimum(panel.lengths, MEMORY) if request.slots == (CONSENSUS,) else panel.lengths
    kinds = kinds_of(panel, request)
    for chosen in _blocks(lengths, ahead):
        at = panel.offsets[chosen + 1][:, None] + np.arange(-lengths[chosen[0]], 0)
        horizon = int(ahead[chosen[0]])
        own_kinds = [kinds[place] for place in chosen.tolist()]
        for slot, (middle, *bounds, why) in enumerate(_answers(request, panel.values[at], horizon, own_kinds)):
            points[chosen, slot, :horizon], reasons[chosen, slot] = middle, why
            for side, bound in zip((lower, upper), bounds, strict=True):
                side[:, chosen, slot, :horizon] = np.moveaxis(bound, 1, 0)
    _bound(panel, request, points, lower, upper)
    if request.leaders:
        _follow(panel, request, points, lower, upper)
    return points, lower, upper, reasons


def _follow(panel: Panel, request: Request, points: Array, lower: Array, upper: Array) -> None:
    """Let the consensus follow the markets that are ahead, as for a series alone."""
    slot, known, kinds, wholes = request.slots.index(CONSENSUS), Continued(), kinds_of(panel, request), _wholes(panel)
    for place, horizon in enumerate(_ahead(panel, request).tolist()):
        _, first, values = panel.series(place)
        if values[-1] <= 0:
            continue
        most = float(wholes[place]) if np.isfinite(wholes[place]) else None
        found = ahead_of(values, first + len(values) - 1, horizon, request.leaders, most, kinds[place], known)
        own = points[place, slot, :horizon], lower[:, place, slot, :horizon], upper[:, place, slot, :horizon]
        for side, now in zip(own, led(own, found, request.levels, most, request.lead), strict=True):
            side[...] = now


def paths_of_totals(panel: Panel, request: Request) -> Iterator[tuple[int, ModelForecast]]:
    """Places of the parts of totals, and the consensus for each total in the years of its part."""
    totals = panel.totals
    if totals is None or not panel.within:
        return
    place_of, ahead = {name: place for place, name in enumerate(totals.ids)}, _ahead(panel, request)
    parts = [at for at, name in enumerate(panel.ids) if name in panel.within]
    places = np.array([place_of[panel.within[panel.ids[at]]] for at in parts], dtype=np.int64)
    needed, places = np.unique(places, return_inverse=True)
    totals, known = totals.select(needed), totals.origins[needed][places]
    farthest = int((panel.origins[parts] + ahead[parts] - known).max(initial=1))
    own = request._replace(horizon=farthest, year=None, models=(), all_models=False, limits=NONE, leaders=())
    middle, low, high, _ = numbers(totals, own)
    for at, place, last in zip(parts, places.tolist(), known.tolist(), strict=True):
        path = ModelForecast("total", middle[place, 0], low[:, place, 0], high[:, place, 0])
        _, first, values = totals.series(place)
        origin = int(panel.origins[at])
        yield at, path.after(values[max(origin + 1 - first, 0) :], max(origin - last, 0), int(ahead[at]))


def _cut(panel: Panel, request: Request, points: Array, lower: Array, upper: Array) -> None:
    """Keep each quantile of a part at most at that of its total, as for a series alone."""
    for at, path in paths_of_totals(panel, request):
        horizon = path.values.shape[-1]
        points[at, :, :horizon] = np.minimum(points[at, :, :horizon], path.values)
        for side, most in ((lower, path.lower), (upper, path.upper)):
            side[:, at, :, :horizon] = np.minimum(side[:, at, :, :horizon], most[:, None])


def _answers(
    request: Request, values: Array, horizon: int, kinds: Sequence[str | None]
) -> Iterator[tuple[Array, Array, Array, Codes]]:
    """The points, bounds and reasons of every slot for a block."""
    view, why, ceiling = None, np.zeros(len(values), dtype=np.int8), request.limits.ceiling
    for slot in request.slots:
        model = request.model(slot)
        if model is None:
            joint = consensus(values, horizon, request.levels, ceiling, kinds)
            points, lower, upper, view = joint.point, joint.lower, joint.upper, joint.view
            if request.shift:
                points, lower, upper = moved(values, points, lower, upper, request.middle_level, request.shift)
        else:
            points, why, lower, upper, _ = forecast_block(model, values, horizon, request.levels, ceiling, view)
        if request.factors:
            block = values if model is not None and model.role == "opinion" else values[:, -MEMORY:]
            lower, upper = widened(block, points, lower, upper, request.factors)
        yield points, lower, upper, why


def _unanswered(request: Request, reasons: Sequence[int]) -> ModelError:
    found = [(name, request.model(name), Reason(why)) for name, why in zip(request.main, reasons, strict=False)]
    why = (f"{name} {(model and reason.of(model)) or 'gives no finite number'}" for name, model, reason in found)
    return ModelError(f"No model that was asked for can answer: {'; '.join(why)}.")


def moved(
    block: Array, points: Array, lower: Array, upper: Array, place: int, shift: float
) -> tuple[Array, Array, Array]:
    """Points and bounds moved by `shift` half-widths of one level, in logs where the history is positive."""
    positive = (block.min(axis=1) > 0)[:, None]
    side = (upper if shift > 0 else lower)[:, place]
    with np.errstate(all="ignore"):
        factor = np.where(positive, (side / points) ** abs(shift), 1.0)
        step = np.where(positive, 0.0, (side - points) * abs(shift))
    results = points * factor + step, *(bound * factor[:, None] + step[:, None] for bound in (lower, upper))
    least = np.where(block.min(axis=1) >= 0, 0.0, -np.inf)
    first, *bounds = (np.clip(each.swapaxes(0, -1), least, HUGE).swapaxes(0, -1) for each in results)
    return first, bounds[0], bounds[1]


def widened(block: Array, points: Array, lower: Array, upper: Array, factors: tuple[float, ...]) -> tuple[Array, Array]:
    """Bounds at `factors` times their distance from the point, one a level, never crossing those of a lower level.

    Where the history is positive the distance is that of logarithms, so that bounds stay positive. Bounds are of shape
    (series, level, horizon), levels in rising order.
    """
    factor = np.asarray(factors)[None, :, None]
    middle, least = points[:, None, :], block.min(axis=1)[:, None, None]
    with np.errstate(all="ignore"):
        below = np.where(least > 0, middle * (lower / middle) ** factor, middle - factor * (middle - lower))
        above = np.where(least > 0, middle * (upper / middle) ** factor, middle + factor * (upper - middle))
    below = np.where(least >= 0, np.maximum(below, 0.0), below)
    return np.minimum.accumulate(below, axis=1), np.minimum(np.maximum.accumulate(above, axis=1), HUGE)
