"""Forecasts of a panel: one path for a series alone, for its past, and for a million series.

Series of one length and horizon are forecast together, in blocks that fit a processor's cache.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import ModelError, Problem, UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.leaders import Continued, Lead, ahead_of, leaders_of, led
from rural_forecast.forecasting.limits import NONE, contradiction, limited
from rural_forecast.forecasting.panel import CONSENSUS, Panel, Refusal, Request
from rural_forecast.forecasting.question import FARTHEST
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.forecasting.shape import MEMORY
from rural_forecast.forecasting.wholes import not_a_part, whole_of_rate
from rural_forecast.models.base import HUGE, Answer, Array, Band, Codes, Integers, Reason
from rural_forecast.series.history import History
from rural_forecast.text.cells import shown

BLOCK_ROWS = 4096  # series of one call. Results do not depend on it.
SLICE = 8192  # series of a result, at most
MOST_CELLS = 8_000_000  # numbers of a result


class Answers(NamedTuple):
    """The forecasts of a panel; NaN from where a path ends."""

    panel: Panel
    request: Request
    ahead: Integers
    points: Array  # shape (series, slot, year)
    lower: Array  # shape (level, series, slot, year)
    upper: Array
    reasons: Codes  # shape (series, slot)
    messages: list[str]
    joint: Consensus | None
    """that of the last block, and so of a panel of one series; None where it is not asked."""
    leads: tuple[Lead, ...] = ()  # the markets that the last series follows
    total: ModelForecast | None = None  # the forecast of the total of the last series

    @property
    def bounds(self) -> Band:
        """Points and bounds."""
        return self.points, self.lower, self.upper

    def path(self, slot: int, place: int = 0) -> ModelForecast:
        """The forecast of one series by one slot, up to where its path ends."""
        model = self.request.model(self.request.slots[slot])
        reach = int(np.isfinite(self.points[place, slot]).sum())
        points, lower, upper = (side[..., place, slot, :reach] for side in self.bounds)
        found = ModelForecast(CONSENSUS, points, lower, upper)
        if model is None:
            return found
        why = Reason(int(self.reasons[place, slot]))
        return found._replace(
            model=model.name, why=why, reason=why.of(model), message=self.messages[slot]
        )


def of_history(history: History, request: Request, lengths: Sequence[int] = ()) -> Answers:
    """The forecasts of a history, or as it was with so many points: a series each, named by its
    last year.
    """
    stated = request.limits
    panel = _panel(
        history,
        {
            history.years[used - 1]: history.values[:used]
            for used in lengths or [len(history.years)]
        },
    )
    if (total := stated.within) is not None:
        cut = {
            year: total.values[: max(year - total.first + 1, 0)] for year in panel.origins.tolist()
        }
        cut |= {history.origin: total.values} if history.origin in cut else {}
        totals = _panel(
            total,
            {year: values for year, values in cut.items() if len(values)},
            total.series.market_kind,
        )
        panel = panel._replace(within={name: name for name in totals.ids}, totals=totals)
    alone = stated._replace(within=None, like=())
    return answers(panel, request._replace(limits=alone, leaders=leaders_of(stated.like)))


def _panel(history: History, pasts: Mapping[int, Array], kind: str = "") -> Panel:
    names = [*map(str, pasts)]
    lengths = np.array([len(values) for values in pasts.values()], dtype=np.int64)
    values = np.concatenate([np.empty(0), *pasts.values()])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    wholes = {
        str(year): most
        for year, past in pasts.items()
        if (most := whole_of_rate(replace(history, values=past)))
    }
    kinds = dict.fromkeys(names, kind) if kind else {}
    units = [history.series.unit] * len(names)
    return Panel(
        names, offsets, values, history.first - 1 + lengths, units, wholes=wholes, kinds=kinds
    )


def sliced(panel: Panel, request: Request) -> Iterator[Panel]:
    """Parts of a panel whose results fit into memory."""
    horizon = min(int(_ahead(panel, request).max(initial=1)), FARTHEST)
    cells = len(request.slots) * horizon * (1 + 2 * len(request.levels))
    most = min(SLICE, max(256, MOST_CELLS // max(cells, 1)))
    count = len(panel.ids)
    for start in range(0, max(count, 1), most):
        yield panel if count <= most else panel.select(np.arange(start, min(start + most, count)))


def answered(panel: Panel, request: Request) -> tuple[Answers, list[Refusal]]:
    """Forecasts of the series that do not contradict the question, and those that got none with the
    reason.
    """
    errors = impossible(panel, request)
    refusals = [Refusal(panel.ids[place], error) for place, error in errors.items()]
    if errors:
        panel = panel.select(np.setdiff1d(np.arange(len(panel.ids)), [*errors]))
    made = answers(panel, request)
    silent = np.isnan(made.points[:, : len(request.main), 0]).all(axis=1)
    made.points[silent] = np.nan

    @cache  # words are made once for many series
    def why(reasons: tuple[int, ...]) -> ModelError:
        found = [
            (name, request.model(name), Reason(code))
            for name, code in zip(request.main, reasons, strict=False)
        ]
        told = (
            f"{name} {(model and code.of(model)) or 'gives no finite number'}"
            for name, model, code in found
        )
        return ModelError(f"No model that was asked for can answer: {'; '.join(told)}.")

    places = np.flatnonzero(silent).tolist()
    refusals += [
        Refusal(panel.ids[place], why(tuple(made.reasons[place].tolist()))) for place in places
    ]
    return made, refusals


def answers(panel: Panel, request: Request) -> Answers:
    """The forecasts of a panel whose series do not contradict the question, those of parts below
    their totals.
    """
    made = apart(panel, request)
    path = None
    for at, path in paths_of_totals(panel, request):
        for side, most in zip(
            made.bounds, (path.values, path.lower[:, None], path.upper[:, None]), strict=True
        ):
            own = side[..., at, :, : len(path.values)]
            np.minimum(own, most, out=own)
    return made._replace(total=path)


def apart(panel: Panel, request: Request) -> Answers:
    """Forecast a panel within the limits, not below totals."""
    made = plain(panel, request)
    alone = (
        [side[..., request.slots.index(CONSENSUS), :].copy() for side in made.bounds]
        if request.leaders
        else []
    )
    _bound(made)
    return _following(made, alone) if alone else made


def _ahead(panel: Panel, request: Request) -> Integers:
    if request.year is None:
        return np.full(len(panel.ids), request.horizon, dtype=np.int64)
    ahead = request.year - panel.origins
    return ahead if request.horizon is None else np.minimum(ahead, request.horizon)


def impossible(panel: Panel, request: Request) -> dict[int, UsageError]:
    """Why series contradict the stated limits, or have nothing to forecast, by place."""
    errors: dict[int, UsageError] = {}
    kinds = kinds_of(panel, request)
    wholes = _wholes(panel)
    ahead = _ahead(panel, request)
    for place, kind in enumerate(kinds if request.limits != NONE or any(kinds) else ()):
        _, first, values = panel.series(place)
        problem = contradiction(first, values, request.limits._replace(kind=kind), wholes[place])
        if problem is not None:
            errors[place] = UsageError.of(problem)
    for place, problem in _outside(panel):
        errors.setdefault(place, UsageError.of(problem))

    @cache  # words are made once for many series
    def far(origin: int) -> UsageError:
        where = (
            "not after it" if (request.year or 0) <= origin else f"more than {FARTHEST} years later"
        )
        return UsageError(f"its last year is {origin}, and {request.year} is {where}")

    for place in np.flatnonzero((ahead < 1) | (ahead > FARTHEST)).tolist():
        errors.setdefault(place, far(int(panel.origins[place])))
    return errors


def _outside(panel: Panel) -> Iterator[tuple[int, Problem]]:
    totals = panel.totals if panel.within else None
    places = {name: place for place, name in enumerate(totals.ids)} if totals else {}
    for place, name in enumerate(panel.ids if panel.within else ()):
        if (total := panel.within.get(name)) is None:
            continue
        if totals is None or total not in places:
            text = f"its total {shown(total)} is not there, or refused."
            yield place, Problem(text, "Write the id of a series of the same input.")
            continue
        unit = panel.units[place]
        other = totals.units[places[total]]
        if unit and other and unit != other:
            text = f"it is in {unit}, and its total {shown(total)} in {other}."
            yield place, Problem(text, "Give both in one unit.")
        elif problem := not_a_part(*panel.series(place), *totals.series(places[total])):
            yield place, problem


def kinds_of(panel: Panel, request: Request) -> list[str | None]:
    """The stated kind of market of each series; none where the consensus is not asked for."""
    if CONSENSUS not in request.slots or not (request.limits.kind or panel.kinds):
        return [None] * len(panel.ids)
    return [request.limits.kind or panel.kinds.get(name) for name in panel.ids]


def _wholes(panel: Panel) -> Array:
    """The upper bound of each series; infinite for those that are no rates."""
    known = np.full(len(panel.ids), np.inf)
    return (
        np.array([panel.wholes.get(name, np.inf) for name in panel.ids]) if panel.wholes else known
    )


def _bound(made: Answers) -> None:
    panel, request, stated = made.panel, made.request, made.request.limits
    curve = np.array([registry.role(slot) == "curve" for slot in request.slots])
    ours = np.array([slot == CONSENSUS for slot in request.slots])
    plain = np.array([kind is None for kind in kinds_of(panel, request)])
    wholes = _wholes(panel)
    for rates in (True, False):
        rows = np.flatnonzero(np.isfinite(wholes) == rates)
        if not len(rows) or not (rates or stated != NONE):
            continue
        most = wholes[rows, None, None] if rates else None
        # medians that respect the ceiling by themselves: of the curves, and of the consensus that
        # no kind moves
        settled = (curve | (ours & plain[rows, None]))[:, :, None] & (stated.ceiling is not None)
        last = panel.values[panel.offsets[rows + 1] - 1][:, None, None]
        points, lower, upper = (side[..., rows, :, :] for side in made.bounds)
        kept = limited(points, lower, upper, last, stated, most, settled, request.levels)
        for side, now in zip(made.bounds, kept, strict=True):
            side[..., rows, :, :] = now


def _following(made: Answers, alone: Sequence[Array]) -> Answers:
    panel = made.panel
    request = made.request
    known = Continued()
    found = tuple[Lead, ...]()
    slot = request.slots.index(CONSENSUS)
    kinds = kinds_of(panel, request)
    for place, horizon in enumerate(made.ahead.tolist()):
        name, first, values = panel.series(place)
        if values[-1] <= 0:
            continue
        most = panel.wholes.get(name)
        found = ahead_of(
            values, first + len(values) - 1, horizon, request.leaders, most, kinds[place], known
        )
        if not found or not request.lead:
            continue
        points, lower, upper = (side[..., place, :horizon] for side in alone)
        own = limited(points, lower, upper, values[-1], NONE, most)
        band = led(own, found, request.levels, most, request.lead)
        followed = limited(*band, values[-1], request.limits, levels=request.levels)
        for side, now in zip(made.bounds, followed, strict=True):
            side[..., place, slot, :horizon] = now
    return made._replace(leads=found)


def paths_of_totals(panel: Panel, request: Request) -> Iterator[tuple[int, ModelForecast]]:
    """Places of the parts of totals, and the consensus for each total in the years of its part."""
    totals = panel.totals
    if totals is None or not panel.within:
        return
    place_of = {name: place for place, name in enumerate(totals.ids)}
    ahead = _ahead(panel, request)
    parts = [at for at, name in enumerate(panel.ids) if name in panel.within]
    places = np.array([place_of[panel.within[panel.ids[at]]] for at in parts], dtype=np.int64)
    needed, places = np.unique(places, return_inverse=True)
    totals = totals.select(needed)
    # Years by which the total ends before its part.
    later = panel.origins[parts] - totals.origins[places]
    made = apart(totals, Request(int((later + ahead[parts]).max(initial=1)), levels=request.levels))
    for at, place, skipped in zip(parts, places.tolist(), later.tolist(), strict=True):
        values = totals.series(place)[2]
        seen = values[max(len(values) + skipped, 0) :]
        yield at, made.path(0, place).after(seen, max(skipped, 0), int(ahead[at]))


def plain(panel: Panel, request: Request) -> Answers:
    """Forecast a panel without any bound."""
    ahead = _ahead(panel, request)
    shape = len(panel.ids), len(request.slots), int(ahead.max(initial=1))
    points = np.full(shape, np.nan)
    reasons = np.zeros(shape[:2], dtype=np.int8)
    lower, upper = (np.full((len(request.levels), *shape), np.nan) for _ in range(2))
    lengths = np.minimum(panel.lengths, MEMORY) if request.slots == (CONSENSUS,) else panel.lengths
    kinds = kinds_of(panel, request)
    messages = [""] * shape[1]
    joint = None
    order = np.lexsort((ahead, lengths))
    parts = np.flatnonzero(np.diff(lengths[order] * (FARTHEST + 1) + ahead[order])) + 1
    alike = np.split(order, parts)
    for chosen in (
        group[start : start + BLOCK_ROWS]
        for group in alike
        for start in range(0, len(group), BLOCK_ROWS)
    ):
        at = panel.offsets[chosen + 1][:, None] + np.arange(-lengths[chosen[0]], 0)
        horizon = int(ahead[chosen[0]])
        own_kinds = [kinds[place] for place in chosen.tolist()]
        joint, every = _of_block(request, panel.values[at], horizon, own_kinds)
        for slot, answer in enumerate(every):
            points[chosen, slot, :horizon], reasons[chosen, slot] = answer.points, answer.reasons
            messages[slot] = answer.message
            for side, bound in ((lower, answer.lower), (upper, answer.upper)):
                side[:, chosen, slot, :horizon] = np.moveaxis(bound, 1, 0)
    return Answers(panel, request, ahead, points, lower, upper, reasons, messages, joint)


def _of_block(
    request: Request, values: Array, horizon: int, kinds: Sequence[str | None]
) -> tuple[Consensus | None, list[Answer]]:
    joint = None
    every = list[Answer]()
    ceiling = request.limits.ceiling
    for slot in request.slots:
        model = request.model(slot)
        if model is None:
            joint = consensus(values, horizon, request.levels, ceiling, kinds)
            band = joint.point, joint.lower, joint.upper
            if request.shift:
                band = moved(values, *band, request.middle_level, request.shift)
            made = Answer(band[0], np.zeros(len(values), dtype=np.int8), *band[1:])
        else:
            view = None if joint is None else joint.view
            made = forecast_block(model, values, horizon, request.levels, ceiling, view)
        if request.factors:
            block = values if model is not None and model.role == "opinion" else values[:, -MEMORY:]
            lower, upper = widened(block, made.points, made.lower, made.upper, request.factors)
            made = made._replace(lower=lower, upper=upper)
        every.append(made)
    return joint, every


def moved(
    block: Array, points: Array, lower: Array, upper: Array, place: int, shift: float
) -> Band:
    """Points and bounds moved by `shift` half-widths of one level, in logs where the history is
    positive.
    """
    positive = (block.min(axis=1) > 0)[:, None]
    side = (upper if shift > 0 else lower)[:, place]
    with np.errstate(all="ignore"):
        factor = np.where(positive, (side / points) ** abs(shift), 1.0)
        step = np.where(positive, 0.0, (side - points) * abs(shift))
    results = (
        points * factor + step,
        *(bound * factor[:, None] + step[:, None] for bound in (lower, upper)),
    )
    least = np.where(block.min(axis=1) >= 0, 0.0, -np.inf)
    first, *bounds = (
        np.clip(each.swapaxes(0, -1), least, HUGE).swapaxes(0, -1) for each in results
    )
    return first, bounds[0], bounds[1]


def widened(
    block: Array, points: Array, lower: Array, upper: Array, factors: tuple[float, ...]
) -> tuple[Array, Array]:
    """Bounds at `factors` times their distance from the point, one a level, never crossing those of
    a lower level.
    """
    factor = np.asarray(factors)[None, :, None]
    middle = points[:, None, :]
    least = block.min(axis=1)[:, None, None]
    with np.errstate(all="ignore"):
        below = np.where(
            least > 0, middle * (lower / middle) ** factor, middle - factor * (middle - lower)
        )
        above = np.where(
            least > 0, middle * (upper / middle) ** factor, middle + factor * (upper - middle)
        )
    below = np.where(least >= 0, np.maximum(below, 0.0), below)
    return np.minimum.accumulate(below, axis=1), np.minimum(
        np.maximum.accumulate(above, axis=1), HUGE
    )
