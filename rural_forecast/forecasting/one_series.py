"""The forecast of one series from a start that is known: its history up to the origin, the
consensus, other models, and the figures that others published.

`forecast` of `forecast.py` finds the start, the nowcast of a year under way, and calls this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.errors import ModelError, option
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.answers import Answers, of_history
from rural_forecast.forecasting.asked import limits_of, target_years
from rural_forecast.forecasting.by_subject import moving, notes_on
from rural_forecast.forecasting.consensus import Consensus
from rural_forecast.forecasting.distribution import DRAWS, SPREAD_LEVELS, scores, siblings, spread
from rural_forecast.forecasting.leaders import SURVIVED, Lead, weights
from rural_forecast.forecasting.limits import Limits
from rural_forecast.forecasting.panel import Request
from rural_forecast.forecasting.registry import resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast, Shares, spread_of
from rural_forecast.forecasting.start import Start, on_start
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Model
from rural_forecast.notes import Note
from rural_forecast.observed.definitions import other_definitions
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import published_forecasts
from rural_forecast.observed.shares import end_of, is_growth
from rural_forecast.observed.yearly import observed_years
from rural_forecast.question.question import CONSENSUS, Question
from rural_forecast.text.numbers import in_unit, number
from rural_forecast.text.wording import counted, listed

# Notes on parts of years that no annual model uses: the nowcast that a forecast starts from does.
USED_AT_START = ("open_year", "parts_of_year")


def forecast_from(
    series: Series,
    question: Question,
    start: Start | None = None,
    start_of_total: Start | None = None,
) -> Forecast:
    """Forecast a series from its whole years and, where there is one, the nowcast after them.

    Raises the errors of `forecast`.
    """
    levels = tuple(question.levels)
    models = resolved(question.models)
    asked = [registry.get(name) for name in models if name != CONSENSUS]
    history = question.history_of(series)
    stated = limits_of(question, history)._replace(start_of_total=start_of_total)
    ahead = question.horizon
    years = target_years(history, question.year if ahead is None else history.origin + ahead)
    # The levels of the whole distribution are asked for besides, and left out of what is shown.
    all_levels = tuple(sorted({*levels, *SPREAD_LEVELS}))
    further = [model for model in registry.MODELS if _is_wanted(model, question)]
    wanted = [*asked, *(model for model in further if model not in asked)]
    request = Request(len(years), levels=all_levels, models=(CONSENSUS, *wanted), limits=stated)
    answers = of_history(history, request, start=start)
    assert answers.joint is not None
    weights = _weights_by_member(answers.joint)

    ours, *paths = map(answers.path, range(1 + len(wanted)))
    paths = [replace(path, weight=_last_weight(weights, path.model)) for path in paths]
    paths_asked = [ours, *paths]
    main = paths[: len(asked)]
    others = paths[len(asked) :]
    if not asked or CONSENSUS in models:
        main.insert(0, ours)
    if not any(path.answers for path in main):
        raise _no_answer(main)

    ends = list(_of_ends(main, years))
    years = years[: max(len(path.values) for path in main)]
    best = next(path for path in main if len(path.values) == len(years))
    wide = best.at_levels(all_levels, SPREAD_LEVELS)
    total = answers.total and answers.total.at_levels(all_levels, SPREAD_LEVELS)
    subject = None
    if main[0] is ours:
        subject = moving(history, question, stated, len(years), start)
    passes = _passes(answers, years, slot=paths_asked.index(best), levels=all_levels)
    shares = _shares(history, stated, wide, total, passes)
    others, cut = _without_cut(others, stated)
    return Forecast(
        history=history,
        years=years,
        levels=levels,
        main=tuple(path.at_levels(all_levels, levels) for path in main),
        others=tuple(path.at_levels(all_levels, levels) for path in others),
        published=published_forecasts(series, as_of=history.as_of),
        weights={name: by_year[: len(years)] for name, by_year in weights.items()},
        notes=(
            *on_start(start, series),
            *notes_on(subject, wide, years[-1], series.unit),
            *_of_total(shares, years),
            *cut,
            *ends,
            *_of_leaders(history, stated, answers.leads, years[1:] if start else years),
            *bounds(history, stated),
            *_doubts(series, history, main),
            *_hindcast(history, years),
            *other_definitions(history, years[-1], until=question.until),
            *(note for note in history.notes if start is None or note.code not in USED_AT_START),
        ),
        wide=wide,
        limits=stated,
        total=total and total.first(len(years)),
        leads=answers.leads,
        shares=shares,
        subject=subject,
        running=start,
        question=question.to(years[-1]),
    )


def _passes(
    answers: Answers, years: Sequence[int], *, slot: int, levels: Sequence[int]
) -> tuple[int, int]:
    """Find the first years in which the own median and 80 % range of a path pass its total."""
    if answers.own is None:
        return 0, 0
    free, _, upper = answers.own
    level = levels.index(80)
    points = answers.points[-1, slot]
    bounds = answers.upper[level, -1, slot]
    first = []
    for own, cut in ((free[slot], points), (upper[level, slot], bounds)):
        passing = np.flatnonzero(own[: len(years)] > cut[: len(years)])
        first.append(years[int(passing[0])] if len(passing) else 0)
    return first[0], first[1]


def _without_cut(
    others: Sequence[ModelForecast], limits: Limits
) -> tuple[list[ModelForecast], list[Note]]:
    """Leave out the answers of other models above the whole: all would have its value."""
    cut = [path.model for path in others if path.cut and path.answers]
    if not cut or limits.within is None:
        return [*others], []
    whole = limits.within.series.title or limits.within.series.id
    reason = f"above {whole}"
    kept = [replace(path.first(0), reason=reason) if path.cut else path for path in others]
    text = f"Left out, as above {whole}: {listed(cut)}."
    return kept, [Note("above_whole", text)]


def _is_wanted(model: Model, question: Question) -> bool:
    """True for a model that the question asks besides: opinions fit themselves, kernels do not."""
    return question.opinions if model.own_forecast else question.kernels


def _weights_by_member(joint: Consensus) -> dict[str, tuple[float, ...]]:
    """Return the weight of each member in each year; of a block of one series."""
    weights = map(tuple, joint.weights[0].tolist())
    return dict(zip(joint.members, weights, strict=True))


def _last_weight(weights: Mapping[str, tuple[float, ...]], model: str) -> float | None:
    return weights[model][-1] if model in weights else None


def _no_answer(paths: Sequence[ModelForecast]) -> ModelError:
    reasons = "; ".join(f"{path.model} {path.reason} {path.message}".rstrip() for path in paths)
    return ModelError(
        f"No model that was asked for can answer: {reasons}.",
        f"Leave {option('models')} out to get the consensus.",
    )


def _shares(
    history: History,
    limits: Limits,
    wide: ModelForecast,
    total: ModelForecast | None,
    passes: tuple[int, int],
) -> Shares | None:
    """Compute the share of the total that the forecasts of both imply.

    None without a total, or if its forecast may not be positive.
    """
    whole = limits.within
    if whole is None or total is None:
        return None
    horizon = len(wide.values)
    total = total.first(horizon)
    if total.lower.min() <= 0:
        return None

    total_of_year = dict(zip(whole.years, whole.values.tolist(), strict=True))
    past = []
    for year, value in zip(history.years, history.values.tolist(), strict=True):
        if total_of_year.get(year, 0.0) > 0:
            past.append(value / total_of_year[year])

    # Errors of a part and of its total are taken to correlate as those of two parts do.
    seed = int.from_bytes(history.series.id.encode(), "big")
    ours = scores(horizon, DRAWS, 1, seed)
    other = scores(horizon, DRAWS, 2, seed)
    alike = np.array([siblings(step) for step in range(1, horizon + 1)])
    of_total = alike * ours + np.sqrt(1 - alike**2) * other
    totals = spread(total.values, total.lower, total.upper).values_at(of_total)
    parts = spread_of(wide, history.values, limits, whole_of_rate(history)).values_at(ours)
    lower, value, upper = np.quantile(np.minimum(parts / totals, 1.0), (0.1, 0.5, 0.9), axis=0)
    return Shares(
        total=whole.series.id,
        title=whole.series.title or whole.series.id,
        value=value,
        lower=lower,
        upper=upper,
        past=(min(past), max(past)) if past else None,
        binds=bool((wide.upper >= total.upper).any()),
        passes=passes,
    )


LEARNED_LATER = Note("learned_later", "The models were trained on data from after this year.")


def bounds(history: History, limits: Limits) -> Iterator[Note]:
    """Say which bounds a forecast keeps."""
    unit = in_unit(history.series.unit)
    most = whole_of_rate(history)
    if most is not None:
        text = f"A rate ends at {most:g}{unit}: forecasts near it approach it ever more slowly."
        yield Note("rate_ends", text)
    if limits.ceiling is not None:
        ends = " to ".join(dict.fromkeys(map(number, limits.ceiling)))
        own = " Each path saturates at a level of its own in this range." if limits.ranged else ""
        yield Note("ceiling", f"Nothing lies above the stated ceiling, {ends}{unit}.{own}")
    if limits.floor is not None:
        yield Note("floor", f"Nothing lies below the stated floor of {number(limits.floor)}{unit}.")
    if limits.cumulative:
        last = f"{number(history.last)}{unit}"
        text = f"A running total: no median falls, and no bound lies below the last value, {last}."
        yield Note("cumulative", text)


def _of_ends(paths: Sequence[ModelForecast], years: Sequence[int]) -> Iterator[Note]:
    """Say which paths end before the last year."""
    for path in paths:
        if path.answers and len(path.values) < len(years):
            last = years[len(path.values) - 1]
            text = f"{path.model} gives no year after {last}: {path.reason}."
            yield Note("path_ends", text, warning=True)


def _of_leaders(
    history: History, limits: Limits, leads: Sequence[Lead], years: Sequence[int]
) -> Iterator[Note]:
    if leads:
        names = listed(f"{lead.name} (there in {lead.crossed:.0f})" for lead in leads)
        share = weights(len(leads), len(years))
        # One entry where both ends are the same year.
        ends = {f"{100 * share[end]:.0f} % in {years[end]}": None for end in (0, -1)}
        text = f"The forecast follows {names}, with a weight of {listed(ends)}. {SURVIVED}"
        yield Note("led", text)
    elif limits.like:
        last = f"{number(history.last)}{in_unit(history.series.unit)}"
        markets = counted(len(limits.like), "market")
        yield Note(
            "no_leader",
            f"No leading market: none of {markets} passed {last} from below a year before "
            f"{history.origin} or earlier, and stayed above.",
            warning=True,
        )


def _of_total(shares: Shares | None, years: Sequence[int]) -> Iterator[Note]:
    if shares is None:
        return
    if shares.binds:
        median, upper = shares.passes
        text = f"Nothing lies above {shares.title}, by its own forecast"
        if median:
            text += f": its own median passes it from {median} on, and is cut there"
        elif upper:
            text += f": its own 80 % range passes it from {upper} on, and is cut there"
        yield Note("within", f"{text}.", warning=bool(median))
    if shares.past is None:
        return
    least, greatest = shares.past
    if not least <= shares.value[-1] <= greatest:
        so_far = " to ".join(dict.fromkeys((_percent(least), _percent(greatest))))
        share = _percent(shares.value[-1])
        interval = f"{_percent(shares.lower[-1])} to {_percent(shares.upper[-1])}"
        text = (
            f"In {years[-1]} it is {share} % of {shares.title} (80 %: {interval} %), "
            f"and {so_far} % so far."
        )
        yield Note("share_leaves", text)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _doubts(series: Series, history: History, paths: Sequence[ModelForecast]) -> Iterator[Note]:
    """Warn of a share that passes its whole, and of growth that is read as an amount."""
    if series.measure in ("rate", "growth"):
        return
    values = history.values
    most = end_of(series.names, series.unit, float(values.min()), float(values.max()))
    sides = [side for path in paths for side in (path.values, path.upper)]
    highest = max(float(side.max(initial=0.0)) for side in sides)
    if most is not None and highest > most:
        yield past_whole_note(most)
    if is_growth(series.names, series.unit):
        yield growth_note()


def past_whole_note(most: float, where: str = "") -> Note:
    """Make the warning of a share that passes its whole; `where` names series of a batch."""
    whole = "100 %" if most > 1 else "1, that is 100 %"
    text = f"The forecast passes {whole}{where}, which no share of a whole can."
    return Note(
        "past_whole", text, warning=True, advice=f"{option('measure', 'rate')} keeps it below."
    )


def growth_note(where: str = "") -> Note:
    """Make the warning of growth that is read as an amount; `where` names series of a batch."""
    text = (
        f"Growth in percent (by name and unit) is forecast as an amount{where}. "
        "To forecast a market, give its levels, with growth in a column growth_pct."
    )
    return Note("growth_forecast", text, warning=True)


def _hindcast(history: History, years: Sequence[int]) -> Iterator[Note]:
    """Say that learned numbers date from later, and what was published after a date."""
    if history.as_of is not None or any(
        unused.why in ("until", "new basis") for unused in history.left_out
    ):
        yield LEARNED_LATER
    if history.as_of is None:
        return
    # Values of a later basis are no outcome of this forecast.
    breaks = [year for year in history.series.breaks if year > history.origin]
    break_year = min(breaks, default=years[-1] + 1)
    values = []
    for observation in observed_years(history.series):
        year = observation.period.year
        if history.origin < year < break_year and year in years:
            values.append(f"{number(observation.value)} for {observation.period}")
    if values:
        unit = f" ({history.series.unit})" if history.series.unit else ""
        yield Note("published_later", f"Published later and not used{unit}: {listed(values)}.")
