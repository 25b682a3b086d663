"""Forecasts of a panel: one way for a series alone, for its past, and for a million series.

A panel is forecast in three steps, each of which other rooms use too: `unlimited` asks the models,
`within_limits` applies what was stated of the market, and `answers` keeps parts below the forecasts
of their totals. Series of one length and horizon are forecast together, in blocks that fit a
processor's cache.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asked import kind_of
from rural_forecast.forecasting.calibrated import moved, widened
from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.leaders import Continued, Lead, ahead_of, leaders_of, led
from rural_forecast.forecasting.limits import NONE, limited
from rural_forecast.forecasting.panel import (
    Panel,
    Request,
    kinds_of,
    years_ahead,
)
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.forecasting.shape import MEMORY
from rural_forecast.forecasting.start import Start
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Answer, Array, Band, Codes, Integers, Reason
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.history import History
from rural_forecast.question.question import CONSENSUS, FARTHEST

BLOCK_ROWS = 4096  # series of one call. Results do not depend on it.
SLICE = 32_768  # series of a result, at most
FEWEST_OF_SLICE = 256  # series of a result, at least
MOST_CELLS = 8_000_000  # numbers of a result


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The forecasts of a panel; NaN from where a path ends."""

    panel: Panel
    request: Request
    ahead: Integers  # years ahead, of each series
    points: Array  # shape (series, slot, year)
    lower: Array  # shape (level, series, slot, year)
    upper: Array
    reasons: Codes  # shape (series, slot)
    messages: list[str]  # of each slot
    joint: Consensus | None
    """that of the last block, and so of a panel of one series; None where it is not asked."""
    leads: tuple[Lead, ...] = ()  # the markets that the last series follows
    total: ModelForecast | None = None  # the forecast of the total of the last series
    own: Band | None = None
    """points and bounds of the last series before they were cut at its total; None without one."""

    @property
    def bounds(self) -> Band:
        """Points and bounds."""
        return self.points, self.lower, self.upper

    def _is_cut(self, slot: int, index: int, reach: int) -> bool:
        """True for a median of the last series that would pass its total in its last year."""
        if self.own is None or not reach or index != len(self.panel.ids) - 1:
            return False
        return bool(self.own[0][slot, reach - 1] > self.points[index, slot, reach - 1])

    def path(self, slot: int, index: int = 0) -> ModelForecast:
        """Return the forecast of one series by one slot, up to where its path ends."""
        reach = int(np.isfinite(self.points[index, slot]).sum())
        forecast = ModelForecast(
            model=CONSENSUS,
            values=self.points[index, slot, :reach],
            lower=self.lower[:, index, slot, :reach],
            upper=self.upper[:, index, slot, :reach],
            cut=self._is_cut(slot, index, reach),
        )
        model = self.request.model(self.request.slots[slot])
        if model is None:
            return forecast
        reason = Reason(int(self.reasons[index, slot]))
        return replace(
            forecast,
            model=model.name,
            why=reason,
            reason=reason.of(model),
            message=self.messages[slot],
        )


def of_history(
    history: History,
    request: Request,
    lengths: Sequence[int] = (),
    *,
    start: Start | None = None,
) -> Answers:
    """Forecast a history, or the history as it was with each of these numbers of points.

    Each is a series of the answers, named by its last year. The whole history goes on from the
    nowcast of the year after it where there is one.
    """
    limits = request.limits
    pasts = {
        history.years[length - 1]: history.values[:length]
        for length in lengths or [len(history.years)]
    }
    panel = _panel_of_pasts(history, pasts)
    if start is not None:
        panel = replace(panel, starts={str(history.origin): start})
    if limits.within is not None:
        panel = _with_total(panel, limits.within, history.origin, limits.start_of_total)
    alone = limits._replace(within=None, start_of_total=None, like=())
    return answers(panel, request._replace(limits=alone, leaders=leaders_of(limits.like)))


def _panel_of_pasts(history: History, pasts: Mapping[int, Array], kind: str = "") -> Panel:
    """Make a panel of what a history was in some years, each a series named by its year."""
    ids = [str(year) for year in pasts]
    lengths = np.array([len(values) for values in pasts.values()], dtype=np.int64)
    wholes = {}
    for year, values in pasts.items():
        whole = whole_of_rate(replace(history, values=values))
        if whole:
            wholes[str(year)] = whole
    return Panel(
        ids=ids,
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        values=np.concatenate([np.empty(0), *pasts.values()]),
        origins=history.first - 1 + lengths,
        units=[history.series.unit] * len(ids),
        wholes=wholes,
        kinds=dict.fromkeys(ids, kind) if kind else {},
        bases=_bases_of_pasts(history, pasts),
    )


def _bases_of_pasts(history: History, pasts: Mapping[int, Array]) -> dict[str, Bases]:
    """Give each past its earlier bases, on the scale of its values."""
    if history.bases is None:
        return {}
    by_year = {}
    for year, values in pasts.items():
        last = history.first - 1 + len(values)
        bases = history.bases.ending(last, float(values[-1]))
        if bases is not None:
            by_year[str(year)] = bases
    return by_year


def _with_total(panel: Panel, total: History, origin: int, start: Start | None) -> Panel:
    """Add the total of a history to the panel of its pasts, each cut at the year of its part.

    The forecast from `origin`, the last year of the history, knows all of the total, which may end
    later, and has the nowcast of the year after.
    """
    pasts: dict[int, Array] = {}
    for year in panel.origins.tolist():
        until = total.values[: max(year - total.first + 1, 0)]
        values = total.values if year == origin else until
        if len(values):
            pasts[year] = values
    totals = _panel_of_pasts(total, pasts, kind_of(total.series, total.values) or "")
    if start is not None and origin in pasts:
        totals = replace(totals, starts={str(origin): start})
    return replace(panel, within={name: name for name in totals.ids}, totals=totals)


def sliced(panel: Panel, request: Request, series: int = SLICE) -> Iterator[Panel]:
    """Cut a panel into parts of some series at most, whose results fit into memory."""
    horizon = min(int(years_ahead(panel, request).max(initial=1)), FARTHEST)
    numbers_a_year = 1 + 2 * len(request.levels)
    cells = len(request.slots) * horizon * numbers_a_year
    most = min(series, max(FEWEST_OF_SLICE, MOST_CELLS // max(cells, 1)))
    # Models of others take the series one by one: a larger slice gains nothing, and shows late how
    # far the work is.
    models = [request.model(slot) for slot in request.slots]
    if any(model is not None and model.own_forecast is not None for model in models):
        most = FEWEST_OF_SLICE
    count = len(panel.ids)
    if count <= most:
        yield panel
        return
    for start in range(0, count, most):
        yield panel.select(np.arange(start, min(start + most, count)))


def answers(panel: Panel, request: Request) -> Answers:
    """Forecast a panel whose series do not contradict the question; parts stay below totals."""
    forecasts = within_limits(panel, request)
    if panel.starts:
        forecasts = _from_starts(forecasts)
    total = None
    own_bounds: Band | None = None
    for index, total in paths_of_totals(panel, request):
        years = len(total.values)
        if index == len(panel.ids) - 1:
            points, lower, upper = (side[..., index, :, :].copy() for side in forecasts.bounds)
            own_bounds = points, lower, upper
        ceilings = total.values, total.lower[:, None], total.upper[:, None]
        for side, ceiling in zip(forecasts.bounds, ceilings, strict=True):
            own = side[..., index, :, :years]
            np.minimum(own, ceiling, out=own)
    return replace(forecasts, total=total, own=own_bounds)


def _from_starts(forecasts: Answers) -> Answers:
    """Let series that have a nowcast of their first year go on from it."""
    panel = forecasts.panel
    request = forecasts.request
    started = np.array([index for index, name in enumerate(panel.ids) if name in panel.starts])
    ends_there = forecasts.ahead[started] == 1
    for only_first in (True, False):
        rows = started[ends_there == only_first]
        if not len(rows):
            continue
        asked = request
        if only_first:  # the year after it, too, says which models answer
            asked = request._replace(year=None, horizon=1)
        elif request.horizon is not None:
            asked = request._replace(horizon=request.horizon - 1)
        later = within_limits(panel.select(rows).with_starts(), asked)
        forecasts = _joined(forecasts, rows.tolist(), later)
    return forecasts


def _joined(forecasts: Answers, rows: Sequence[int], later: Answers) -> Answers:
    """Put nowcasts into the first years of some series, and into the others what follows."""
    request = forecasts.request
    reasons = forecasts.reasons.copy()
    reasons[rows] = later.reasons
    for index, row in enumerate(rows):
        start = forecasts.panel.starts[forecasts.panel.ids[row]]
        years = int(forecasts.ahead[row])
        band = (later.points[index], later.lower[:, index], later.upper[:, index])
        joined = start.then(band, request.levels)
        for side, values in zip(forecasts.bounds, joined, strict=True):
            kept = values[..., :years]
            if request.limits.ceiling is not None:
                kept = np.minimum(kept, request.limits.ceiling[1])
            if request.limits.floor is not None:
                kept = np.maximum(kept, request.limits.floor)
            side[..., row, :, :years] = kept
    joint = forecasts.joint
    leads = forecasts.leads
    if len(forecasts.panel.ids) == 1:
        leads = later.leads
        if joint is not None and later.joint is not None:
            weights = np.concatenate([joint.weights[:, :, :1], later.joint.weights], axis=2)
            joint = joint._replace(weights=weights[:, :, : int(forecasts.ahead[0])])
    return replace(forecasts, reasons=reasons, joint=joint, leads=leads)


def within_limits(panel: Panel, request: Request) -> Answers:
    """Forecast a panel within the limits, and along its leaders; parts may exceed their totals."""
    forecasts = unlimited(panel, request)
    if not request.leaders:
        _limit(forecasts)
        return forecasts
    slot = request.slots.index(CONSENSUS)
    # Leaders are averaged with the consensus before limits, which then apply to the average.
    points, lower, upper = (side[..., slot, :].copy() for side in forecasts.bounds)
    _limit(forecasts)
    return _following(forecasts, (points, lower, upper))


def _limit(forecasts: Answers) -> None:
    """Move forecasts into the limits and below the ends of rates, in place."""
    panel = forecasts.panel
    request = forecasts.request
    limits = request.limits
    is_curve = np.array([registry.role(slot) == "curve" for slot in request.slots])
    is_consensus = np.array([slot == CONSENSUS for slot in request.slots])
    without_kind = np.array([kind is None for kind in kinds_of(panel, request)])
    ends_of_rates = panel.ends_of_rates
    for are_rates in (True, False):
        rows = np.flatnonzero(np.isfinite(ends_of_rates) == are_rates)
        if not len(rows):
            continue
        if not are_rates and limits == NONE:
            continue
        most = ends_of_rates[rows, None, None] if are_rates else None
        # Medians that respect the ceiling by themselves: of the curves, and of the consensus that
        # no kind moves.
        settled = is_curve | (is_consensus & without_kind[rows, None])
        settled = settled[:, :, None] & (limits.ceiling is not None)
        last = panel.values[panel.offsets[rows + 1] - 1][:, None, None]
        points, lower, upper = (side[..., rows, :, :] for side in forecasts.bounds)
        kept = limited(points, lower, upper, last, limits, most, settled, request.levels)
        for side, values in zip(forecasts.bounds, kept, strict=True):
            side[..., rows, :, :] = values


def _following(forecasts: Answers, free: Band) -> Answers:
    """Average the consensus with its leaders, in place; `free` is the consensus before limits."""
    panel = forecasts.panel
    request = forecasts.request
    slot = request.slots.index(CONSENSUS)
    kinds = kinds_of(panel, request)
    continued = Continued()
    leads: tuple[Lead, ...] = ()
    for index, horizon in enumerate(forecasts.ahead.tolist()):
        name, first, values = panel.series(index)
        last = values[-1]
        if last <= 0:
            continue
        whole = panel.wholes.get(name)
        origin = first + len(values) - 1
        leads = ahead_of(values, origin, horizon, request.leaders, whole, kinds[index], continued)
        if not leads or not request.lead:
            continue
        points, lower, upper = (side[..., index, :horizon] for side in free)
        own = limited(points, lower, upper, last, NONE, whole)
        band = led(own, leads, request.levels, whole, request.lead)
        followed = limited(*band, last, request.limits, levels=request.levels)
        for side, row in zip(forecasts.bounds, followed, strict=True):
            side[..., index, slot, :horizon] = row
    return replace(forecasts, leads=leads)


def paths_of_totals(panel: Panel, request: Request) -> Iterator[tuple[int, ModelForecast]]:
    """Forecast the totals of parts by the consensus, from their own nowcasts where they have them.

    Yields the index of each part, and the forecast of its total in the years of the part.
    """
    totals = panel.totals
    if totals is None or not panel.within:
        return
    index_of_total = {name: index for index, name in enumerate(totals.ids)}
    parts = [index for index, name in enumerate(panel.ids) if name in panel.within]
    total_of_part = [index_of_total[panel.within[panel.ids[part]]] for part in parts]
    # A total is forecast once for all of its parts.
    needed, rows = np.unique(np.array(total_of_part, dtype=np.int64), return_inverse=True)
    totals = totals.select(needed)
    ahead = years_ahead(panel, request)[parts]
    # Years by which the total ends before its part; negative where it ends later.
    gaps = panel.origins[parts] - totals.origins[rows]
    horizon = int((gaps + ahead).max(initial=1))
    forecasts = answers(totals, Request(horizon, levels=request.levels))
    # A total may be on a new basis since its part ended.
    edges, evidence = totals.with_evidence()
    for part, row, gap, years in zip(
        parts, rows.tolist(), gaps.tolist(), ahead.tolist(), strict=True
    ):
        values = evidence[edges[row] : edges[row + 1]]
        observed = values[max(len(values) + gap, 0) :]
        if len(observed) < -gap:
            continue  # the total begins later than the forecast of its part
        yield part, forecasts.path(0, row).after(observed, max(gap, 0), years)


def unlimited(panel: Panel, request: Request) -> Answers:
    """Forecast a panel without any limit."""
    ahead = years_ahead(panel, request)
    shape = len(panel.ids), len(request.slots), int(ahead.max(initial=1))
    points = np.full(shape, np.nan)
    lower = np.full((len(request.levels), *shape), np.nan)
    upper = np.full((len(request.levels), *shape), np.nan)
    reasons = np.zeros(shape[:2], dtype=np.int8)
    messages = [""] * len(request.slots)
    joint = None
    offsets, values = panel.with_evidence()
    lengths = np.diff(offsets)
    if request.slots == (CONSENSUS,):
        # It reads no more of a history, so that all longer ones are of one length.
        lengths = np.minimum(lengths, MEMORY)
    kinds = kinds_of(panel, request)
    for rows in _blocks(lengths, ahead):
        length = lengths[rows[0]]
        horizon = int(ahead[rows[0]])
        flat = offsets[rows + 1][:, None] + np.arange(-length, 0)
        kinds_of_block = [kinds[row] for row in rows.tolist()]
        joint, block = _of_block(request, values[flat], horizon, kinds_of_block)
        for slot, answer in enumerate(block):
            points[rows, slot, :horizon] = answer.points
            lower[:, rows, slot, :horizon] = np.moveaxis(answer.lower, 1, 0)
            upper[:, rows, slot, :horizon] = np.moveaxis(answer.upper, 1, 0)
            reasons[rows, slot] = answer.reasons
            messages[slot] = messages[slot] or answer.message
    return Answers(panel, request, ahead, points, lower, upper, reasons, messages, joint)


def _blocks(lengths: Integers, ahead: Integers) -> Iterator[Integers]:
    """Group series of one length and horizon into blocks."""
    order = np.lexsort((ahead, lengths))
    keys = lengths[order] * (FARTHEST + 1) + ahead[order]
    for group in np.split(order, np.flatnonzero(np.diff(keys)) + 1):
        for start in range(0, len(group), BLOCK_ROWS):
            yield group[start : start + BLOCK_ROWS]


def _of_block(
    request: Request, values: Array, horizon: int, kinds: Sequence[str | None]
) -> tuple[Consensus | None, list[Answer]]:
    """Ask every slot about a block; the consensus comes back too, with its members."""
    joint = None
    block: list[Answer] = []
    ceiling = request.limits.ceiling
    for slot in request.slots:
        model = request.model(slot)
        if model is None:
            joint = consensus(values, horizon, request.levels, ceiling, kinds)
            band = joint.point, joint.lower, joint.upper
            if request.shift:
                band = moved(values, *band, request.middle_level, request.shift)
            points, lower, upper = band
            answer = Answer(points, np.zeros(len(values), dtype=np.int8), lower, upper)
        else:
            view = None if joint is None else joint.view
            answer = forecast_block(model, values, horizon, request.levels, ceiling, view)
        if request.factors:
            # Opinions see the whole history, and our models the last of it.
            is_opinion = model is not None and model.role == "opinion"
            history = values if is_opinion else values[:, -MEMORY:]
            lower, upper = widened(
                history, answer.points, answer.lower, answer.upper, request.factors
            )
            answer = answer._replace(lower=lower, upper=upper)
        block.append(answer)
    return joint, block
