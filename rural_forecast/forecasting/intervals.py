"""Intervals that hold: the offsets of the reference class, stretched until held-out outcomes fell
inside.

Learned factors stretch each tail of positive series, on logs, so that intervals hold their level
over domains that were held out (split conformal calibration: Vovk, Gammerman & Shafer 2005, DOI
10.1007/b106715). The consensus adds a margin for domains that nobody has seen. Other series take
the quantiles of errors in units of their mean absolute change.
"""

import numpy as np

from rural_forecast.forecasting import shape
from rural_forecast.forecasting.distribution import level_scores, tail_scores
from rural_forecast.forecasting.reference import MIDDLE, Outlook, length_class, outlook
from rural_forecast.forecasting.registry import get
from rural_forecast.models.base import HUGE, TINY, Answer, Array, Ceiling, Integers, Model, answer
from rural_forecast.models.learned import numbers, rows

HORIZON_EDGES = (2, 4, 7)  # first horizon of every class but the first: 1, 2-3, 4-6, 7 and more
# Least offset of the 80 % bound on the log scale, one period ahead: nothing real is known more
# exactly.
LEAST = 2e-3
FARTHEST = 600.0  # bound of any log offset
TAMED = 3.0  # log offset at which bounds of the consensus grow by half of what the factors say
# Most that the log of a factor of the consensus may be, either way; it comes near ever more slowly.
MOST = 0.6
MARGIN_POINTS = (1, 2, 3, 5, 8, 15, 30)
# Margins below and above of the 80 % interval one year ahead, by number of points, in typical log
# changes: domains left out miss below far more often than above (benchmarks/accuracy/unseen.md).
MARGINS = np.array(
    [(0.8, 0.2), (0.75, 0.25), (0.45, 0.2), (0.38, 0.1), (0.28, 0.02), (0.14, 0.0), (0.17, 0.03)]
)
# Of the tails, in units of that at 80 %.
MARGIN_TAILS = np.array([3.4, 1.9, 1.0, 0.47, 0.47, 1.0, 1.9, 3.4])
MARGIN_CHANGE = 0.75  # largest typical log change that counts
RECENT = 5  # changes that are recent
SEEN_CHANGES = 18  # last changes that show calm, among as many as the networks see
# Share of the typical change below which recent ones are calm, and its power.
CALM = 0.5
CALM_POWER = 0.5
# The same for the bends of levels in units of their steps.
STRAIGHT = 0.25
STRAIGHT_POWER = 0.35
# Least recent change and bend, in units of the typical change and of the level.
FAINT = np.array([0.05, 0.01])
# Share that each tail takes over.
QUIET_TAILS = np.array([0.25, 0.5, 1.0, 1.0, 1.0, 1.0, 0.5, 0.25])
# Added, as a root of squares, to the one change between two points: near zero its log moved bounds
# far.
STILL = 0.26


def forecast_block(
    model: Model,
    block: Array,
    horizon: int,
    levels: tuple[int, ...],
    ceiling: Ceiling | None,
    view: Outlook | None = None,
) -> Answer:
    """Forecast a block of series by one model, always with bounds; NaN from where a path ends."""
    if model.role != "opinion":
        block = block[:, -shape.MEMORY :]
    if model.role == "member":
        block, begun = shape.from_beginning(block)
        if begun.any():

            def of_group(rows: Integers) -> Answer:
                own = block[rows, begun[rows[0]] :]
                return forecast_block(model, own, horizon, levels, ceiling)

            return shape.grouped(begun, of_group)
        block = shape.without_spikes(block)
    answered = answer(model, block, horizon, levels, ceiling)
    if model.own_forecast or answered.lower.shape[1]:
        return answered
    lower, upper = intervals(block, answered.points, levels, model.name, view)
    return answered._replace(lower=lower, upper=upper)


def intervals(
    values: Array, points: Array, levels: tuple[int, ...], model: str, view: Outlook | None = None
) -> tuple[Array, Array]:
    """Put bounds of shape (series, level, horizon) around points of shape (series, horizon)."""
    positive = values.min(axis=1) > 0
    lower, upper = np.full((2, len(values), len(levels), points.shape[1]), np.nan)
    if positive.any():
        view = view if positive.all() else None
        lower[positive], upper[positive] = _on_logs(
            values[positive], points[positive], levels, model, view
        )
    if not positive.all():
        lower[~positive], upper[~positive] = _on_changes(
            values[~positive], points[~positive], levels
        )
    # Sums and products round, and neighbouring levels may be one unit in the last place apart.
    lower = np.minimum.accumulate(np.minimum(lower, points[:, None]), axis=1)
    return lower, np.maximum.accumulate(np.maximum(upper, points[:, None]), axis=1)


def _on_logs(
    values: Array, points: Array, levels: tuple[int, ...], model: str, view: Outlook | None
) -> tuple[Array, Array]:
    """Put bounds around points of positive series, by offsets of their logs."""
    horizon = points.shape[1]
    view = outlook(values, horizon) if view is None else view
    tails = np.delete(view.quantiles - view.quantiles[:, :, MIDDLE : MIDDLE + 1], MIDDLE, axis=2)
    if model == "consensus":
        tails *= consensus_factors(numbers("tails.consensus"), view.shape.traits, horizon)
        tails = tamed(tails) + margins(values.shape[1], view.shape.scale, horizon)
        tails = tails * quiet(values)[:, None]
    else:
        row = rows("tails.members").index(get(model).intervals_of or model)
        of_length = numbers("tails.members")[row, length_class(values.shape[1])]
        tails *= of_length[horizon_classes(horizon)]
    down, up = _at_levels(-tails[:, :, :4], tails[:, :, :3:-1], levels)
    ahead = np.sqrt(np.arange(1.0, horizon + 1))
    floor = LEAST * ahead * (level_scores(levels) / level_scores((80,)))[:, None]
    down = np.clip(np.maximum.accumulate(down, axis=2), floor, FARTHEST)
    up = np.clip(np.maximum.accumulate(up, axis=2), floor, FARTHEST)
    with np.errstate(over="ignore", invalid="ignore"):
        return points[:, None, :] * np.exp(-down), np.minimum(points[:, None, :] * np.exp(up), HUGE)


def horizon_classes(horizon: int) -> Integers:
    """Return the class of each horizon from 1; shape (horizon,)."""
    return np.searchsorted(HORIZON_EDGES, np.arange(1, horizon + 1), side="right")


def consensus_factors(coefficients: Array, traits: Array, horizon: int) -> Array:
    """Compute factors of shape (series, horizon, tail) from coefficients of shape (input, tail)."""
    two_points = np.abs(traits[:, shape.LENGTH] + shape.LOG_LENGTH - np.log(2.0)) < 0.2
    if two_points.any():  # a change near zero between two points counts as `STILL` in size
        traits = traits.copy()
        sizes = slice(-shape.SIZES, shape.BENDS)
        traits[two_points, sizes] = np.log(np.hypot(np.exp(traits[two_points, sizes]), STILL))
    # Sums in one order, no matrix product: a series gets the bits it has in a batch.
    steps = np.log(np.minimum(np.arange(1.0, horizon + 1), shape.LEARNED)) - 1.3
    start, by_square, *own, step, step_by_length, step_by_bends, falling = coefficients
    total = start + traits[:, shape.LENGTH, None] ** 2 * by_square
    for number, weight in zip(traits.T, own, strict=True):
        total = total + number[:, None] * weight
    total = total + decline(traits)[:, None] * falling
    slope = (
        step
        + traits[:, shape.LENGTH, None] * step_by_length
        + traits[:, shape.BENDS, None] * step_by_bends
    )
    logs = total[:, None] + steps[None, :, None] * slope[:, None]
    return np.asarray(np.exp(MOST * np.tanh(logs / MOST)))


def decline(traits: Array) -> Array:
    """Measure from 0 to 1 how far each series is a smooth decline; shape (series,).

    The length counts from 4 points on, and in full from 11.
    """
    falls = np.clip(-traits[:, shape.PACE], 0.0, 1.0)
    smooth = np.clip(-0.5 - 2.0 * traits[:, shape.BENDS], 0.0, 1.0)
    long = np.clip(traits[:, shape.LENGTH] + 0.95, 0.0, 1.0)
    return np.asarray(falls * smooth * long)


def tamed(offsets: Array) -> Array:
    """Let large offsets of the consensus on the log scale grow ever more slowly."""
    return np.asarray(np.sign(offsets) * TAMED * np.log1p(np.abs(offsets) / TAMED))


def margins(length: int, scale: Array, horizon: int) -> Array:
    """Return signed offsets that are added in case a domain is unlike those learned from.

    Shape (series, horizon, tail).
    """
    down, up = (np.interp(np.log(length), np.log(MARGIN_POINTS), column) for column in MARGINS.T)
    sides = np.repeat([-down, up], len(MARGIN_TAILS) // 2) * MARGIN_TAILS
    ahead = np.sqrt(np.arange(1.0, horizon + 1))
    return np.asarray(np.minimum(scale, MARGIN_CHANGE)[:, None, None] * ahead[:, None] * sides)


def quiet(values: Array) -> Array:
    """Return factors of shape (series, tail), at most 1.

    They are less where recent years are calm after a take-off, or straight.
    """
    count = values.shape[1]
    values = values[:, -SEEN_CHANGES - 1 :]
    # Calm counts from 6 points on and in full from 12, a straight course from 4 and 8.
    long = np.clip(np.log(count / 6) / np.log(2.0), 0.0, 1.0)
    some = np.clip(np.log(count / 4) / np.log(2.0), 0.0, 1.0)
    if some == 0:
        return np.ones((len(values), 1))
    logs = np.log(values)
    levels = np.exp(np.clip(logs - logs[:, -1:], -FARTHEST / 2, FARTHEST / 2))
    changes = np.abs(np.diff(logs, axis=1))
    steps = np.diff(levels, axis=1)
    typical = changes.mean(axis=1) + TINY
    level = levels.mean(axis=1)
    calm = np.hypot(changes[:, -RECENT:].mean(axis=1) / typical, FAINT[0])
    bends = np.hypot(np.abs(np.diff(steps, axis=1)).mean(axis=1), FAINT[1] * level)
    straight = bends / np.hypot(np.abs(steps).mean(axis=1), FAINT[1] * level / 10)
    power = long * CALM_POWER * np.log(np.minimum(calm / CALM, 1.0))
    power = power + some * STRAIGHT_POWER * np.log(np.minimum(straight / STRAIGHT, 1.0))
    return np.asarray(np.exp(power[:, None] * QUIET_TAILS))


def _on_changes(values: Array, points: Array, levels: tuple[int, ...]) -> tuple[Array, Array]:
    """Put bounds around points of other series, in units of their mean absolute change."""
    horizon = points.shape[1]
    errors = numbers("additive.tails")[length_class(values.shape[1])]
    if horizon > shape.LEARNED:
        beyond = np.sqrt(1.0 + np.arange(1, horizon - shape.LEARNED + 1) / shape.LEARNED)
        errors = np.concatenate([errors, errors[-1:] * beyond[:, None]])
    with np.errstate(over="ignore"):
        most = HUGE / 16  # room for what follows
        errors = np.clip(errors[:horizon] * unit_change(values)[:, None, None], -most, most)
    down, up = _at_levels(-errors[:, :, :4], errors[:, :, :3:-1], levels)
    down = np.maximum.accumulate(down, axis=2)
    up = np.maximum.accumulate(up, axis=2)
    with np.errstate(over="ignore"):
        least = np.where(values.min(axis=1) >= 0, 0.0, -HUGE)[:, None, None]
        lower = np.maximum(points[:, None, :] - down, least)
        upper = points[:, None, :] + up
        width = upper - lower
        # Cut at zero, it may not shrink.
        width = np.where(least == 0, np.maximum.accumulate(width, axis=2), width)
    return lower, np.minimum(np.maximum(upper, lower + width), HUGE)


def unit_change(values: Array) -> Array:
    """Return the mean absolute change; shape (series,).

    It is shrunk to a tenth of the mean size, with the weight of one change.
    """
    changes = values.shape[1] - 1
    # Divided first, for sums and differences of large numbers overflow.
    typical = 0.1 * np.abs(values[:, -10:] / 10).mean(axis=1) * 10
    with np.errstate(over="ignore"):
        if changes:
            moved = np.abs(values[:, 1:] / 2 - values[:, :-1] / 2).sum(axis=1) * 2
        else:
            moved = np.zeros(len(values))
        return np.asarray(np.minimum(moved / (changes + 1) + typical / (changes + 1), HUGE))


def _at_levels(down: Array, up: Array, levels: tuple[int, ...]) -> tuple[Array, Array]:
    """Interpolate the offsets of four tails at levels; shape (series, level, horizon).

    They never fall with the level.
    """
    known_scores = np.append(tail_scores(), 0.0)
    wanted = level_scores(levels)
    inner = np.searchsorted(-known_scores, -wanted, side="right")
    inner = np.clip(inner, 1, len(known_scores) - 1)
    outer = inner - 1
    share = (wanted - known_scores[inner]) / (known_scores[outer] - known_scores[inner])

    def interpolated(tails: Array) -> Array:
        middle = np.zeros((*tails.shape[:2], 1))
        offsets = np.concatenate([np.maximum(tails, 0.0), middle], axis=2)
        rising = np.maximum.accumulate(offsets[:, :, ::-1], axis=2)[:, :, ::-1]
        at_levels = rising[:, :, inner] + share * (rising[:, :, outer] - rising[:, :, inner])
        return np.moveaxis(at_levels, 2, 1)

    return interpolated(down), interpolated(up)
