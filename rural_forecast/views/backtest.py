"""`backtest`: how forecasts redone from the past fared, by model and horizon; published forecasts
are scored too.
"""

from collections.abc import Sequence
from math import comb, isnan, nan

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.errors import UsageError
from rural_forecast.forecasting import backtest as past
from rural_forecast.text.numbers import Amounts, digits, percent, significant
from rural_forecast.text.wording import Headline, capital, counted, headline, sentence
from rural_forecast.views import table
from rural_forecast.views.about import documented, provenance, published, title_of
from rural_forecast.views.chart import PAST_HEADS, of_series, past_row
from rural_forecast.views.precedents import record_by_horizon

WORDS = {
    "naive": "the last value",
    "drift": "a steady change",
    "linear": "a straight line",
    "cagr": "steady growth",
}
LEVEL = past.LEVELS[0]
UNLIKELY = 0.05  # chance below which a count of outcomes inside an interval speaks against it
NEAR = 0.1  # share of outcomes by which an interval may miss its level without a word
_MOST_ROWS = 21
_MOST_AHEAD = 3
MEASURES = (
    Column("smape", "sMAPE", "number", 1),
    Column("mase", "MASE", "number", 2),
    Column("owa", "OWA", "number", 2),
    Column("msis_95", "MSIS 95", "number", 1),
    Column("crps", "CRPS", "number"),
)
COVERAGE = tuple(Column(f"coverage_{level}", kind="number") for level in past.LEVELS)
MODEL = Column("model", "Model")
FORECASTS = Column("n", "Forecasts", "integer")
AHEAD = Column("horizon", "Years ahead", "integer")
YEAR = Column("period", "Year", "year")
ORIGIN = Column("origin", "From", "year")


def document(result: past.Backtest, *, detail: bool = False) -> Document:
    """The document of `backtest`; `detail` gives every forecast in place of the scores."""
    series = result.history.series
    if detail:
        records = _detail(result)
        sections = [records]
    else:
        rows = [
            (series.id, each.model, each.horizon, each.n, *_measures(each))
            for each in result.scores
        ]
        records = Table(
            (Column("series_id"), MODEL, AHEAD, FORECASTS, *MEASURES, *COVERAGE), tuple(rows)
        )
        ahead = max(trial.horizon for trial in result.trials)
        models = [score.model for score in result.scores]
        totals = [score for score in result.scores if score.horizon is None]
        if (
            max((score.n for score in totals if score.model == "consensus"), default=0)
            >= past.ENOUGH
        ):
            # Else the consensus is first.
            totals.sort(key=lambda score: (isnan(score.owa), score.owa))
        held_in = (
            table.share_column(f"coverage_{level}", f"Coverage {level} %") for level in past.LEVELS
        )
        scored = tuple((each.model, each.n, *_measures(each)) for each in totals)
        tones: tuple[Tone, ...] = tuple(
            "strong" if score.model == "consensus" else "plain" for score in totals
        )
        every = Table(
            (MODEL, FORECASTS, *MEASURES, *held_in), scored, "Scores of every model", tones
        )
        sections = [
            _screen(result),
            every,
            *record_by_horizon(result.history.values, ahead, models),
        ]
    sections += [_published(result)] if result.published else []
    sections += [_vintages(result)] if result.vintages else []
    said = [sentence(held(result))] if len(ours(result)) >= past.ENOUGH else []
    more = {
        "brief": "" if detail else "-f markdown",
        "said": said,
        "provenance": provenance(result.history),
    }
    return documented("backtest", heading(result), records, sections, result.notes, series, **more)


def heading(result: past.Backtest) -> Headline:
    """The headline: that a simpler method has been closer, or how far the forecasts were off."""
    title, (scored, _, other) = title_of(result.history.series), _compared(result)
    origins = sorted({trial.origin for trial in result.trials})
    span = f"from {origins[0]} to {origins[-1]}" if len(origins) > 1 else f"from {origins[0]}"
    if scored is None:
        return headline(title, f"{counted(len(result.trials), 'forecast')} made {span}")
    made = f"{counted(scored.n, 'forecast')} made {span}"
    error = f"Mean error {'in %' if _relative(result) else 'in mean yearly changes'}, on {made}"
    claim = f"how {made} fared"
    if scored.n < past.ENOUGH:
        claim = "too few past forecasts to judge"
        error = f"{error}: fewer than {past.ENOUGH} are examples, not evidence"
    elif other and _error_of(result, other) < past.CLEARLY * _error_of(result, scored):
        claim = f"{WORDS[other.model]} has been closer so far"
    elif _relative(result):
        claim = f"past forecasts were {percent(scored.smape, '.1f')} off on average"
    return headline(title, claim, f"{error}.")


def ours(result: past.Backtest) -> list[past.Trial]:
    """The forecasts of the consensus."""
    return [trial for trial in result.trials if trial.model == "consensus"]


def inside(trials: Sequence[past.Trial]) -> int:
    """The number of outcomes inside their 80 % interval."""
    place = past.SCORING_LEVELS.index(LEVEL)
    return sum(trial.lower[place] <= trial.actual <= trial.upper[place] for trial in trials)


def _relative(result: past.Backtest) -> bool:
    return bool(result.history.values.min() > 0)  # else errors in percent have no meaning


def _error_of(result: past.Backtest, score: past.Score) -> float:
    return score.smape if _relative(result) else score.mase


def _compared(
    result: past.Backtest,
) -> tuple[past.Score | None, past.Score | None, past.Score | None]:
    """The totals of the consensus, of the last value, and of the best simple method on the same
    forecasts.
    """
    totals = {score.model: score for score in result.scores if score.horizon is None}
    own = totals.get("consensus")
    fair = [
        totals[name] for name in past.SIMPLE if name in totals and own and totals[name].n == own.n
    ]
    known = [score for score in fair if not isnan(_error_of(result, score))]
    return (
        own,
        totals.get("naive"),
        min(known, key=lambda score: _error_of(result, score), default=None),
    )


def _screen(result: past.Backtest) -> Table:
    """Mean errors by horizon: of the consensus, of the best simple method and of the last value;
    how many held.
    """
    own, naive, other = _compared(result)
    shown = {"consensus": "Ours"} if own else {}
    shown |= (
        {other.model: capital(WORDS[other.model].removeprefix("a "))}
        if other and other is not naive
        else {}
    )
    shown |= {"naive": "Last value"} if naive else {}
    scores = {(score.model, score.horizon): score for score in result.scores}
    trials = ours(result) or result.trials
    rows: list[tuple[Cell, ...]] = []
    for horizon in [*sorted({score.horizon for score in result.scores if score.horizon}), None]:
        there = [trial for trial in trials if horizon in (None, trial.horizon)]
        found = [
            _error_of(result, scores[model, horizon]) if (model, horizon) in scores else nan
            for model in shown
        ]
        errors = (None if isnan(error) else error for error in found)
        rows.append((horizon or "all", len(there), *errors, f"{inside(there)} of {len(there)}"))
    places = 1 if _relative(result) else 2
    errors_of = (
        Column(f"error_{model}", title, "number", places) for model, title in shown.items()
    )
    columns = (AHEAD, FORECASTS, *errors_of, Column("held", f"In the {LEVEL} % range"))
    return Table(
        columns, tuple(rows), tones=tuple("strong" if row[0] == "all" else "plain" for row in rows)
    )


def held(result: past.Backtest) -> str:
    """How often the 80 % interval held, and what that says: distinct years alone are evidence."""
    trials = ours(result)
    if not trials:
        return ""
    years = len({trial.period for trial in trials})
    share = inside(trials) / len(trials)
    likely = LEVEL / 100
    kept = round(share * years)
    terms = [
        comb(years, held) * likely**held * (1 - likely) ** (years - held)
        for held in range(years + 1)
    ]
    verdict = ""
    if sum(terms[: kept + 1]) < UNLIKELY:
        verdict = ", so it was too narrow"
    elif sum(terms[kept:]) < UNLIKELY:
        verdict = ", so it was too wide"
    elif abs(share - likely) > NEAR:
        verdict = ", too few to say more"
    count = f"{inside(trials)} of {len(trials)} outcomes were in the {LEVEL} % range"
    return f"{count}, in {counted(years, 'year')}{verdict}"


def _measures(score: past.Score) -> list[float | None]:
    values = (getattr(score, column.key) for column in (*MEASURES, *COVERAGE))
    return [None if isnan(value) else value for value in values]


def _detail(result: past.Backtest) -> Table:
    places = [past.SCORING_LEVELS.index(level) for level in past.LEVELS]
    rows = []
    for trial in result.trials:
        ends = table.flat((trial.lower[place], trial.upper[place]) for place in places)
        about = (result.history.series.id, trial.model, trial.origin, trial.period)
        rows.append((*about, trial.forecast, trial.actual, *ends))
    values = Column("forecast", "Forecast", "number"), Column("actual", "Happened", "number")
    columns = (
        Column("series_id"),
        MODEL,
        ORIGIN,
        YEAR,
        *values,
        *table.interval_columns(past.LEVELS),
    )
    return Table(columns, tuple(rows), "Every forecast")


def _published(result: past.Backtest) -> Table:
    """Published forecasts, the outcome, and our forecast as of their date."""

    def verdict(score: past.PublishedScore) -> str:
        if score.met is not None:
            return "met" if score.met else "missed"
        return (
            f"off by {percent(score.error_pct)}"
            if score.error_pct
            else "exact"
            if score.error_pct == 0
            else ""
        )

    return table.tabulated(
        result.published,
        (YEAR, lambda scored: scored.forecast.period.year),
        (Column("said", "Forecast"), lambda scored: published(scored.forecast)),
        (Column("author", "By"), lambda scored: scored.forecast.author),
        (Column("dated", "Dated"), lambda scored: scored.forecast.dated),
        Column("actual", "Happened", "number"),
        (Column("verdict"), verdict),
        Column("ours", "Ours, as of then", "number"),
        Column("why_not"),
        title="Published forecasts",
    )


def _vintages(result: past.Backtest) -> Table:
    """Ours just before a year was first published, against that figure and the present one."""
    write = Amounts(result.history.series.unit, significant(result.history.last))
    rows = []
    for one in result.vintages:
        seen = (
            cell
            for seen in (one.first, one.now)
            for cell in (seen.value, table.growth(seen.value, one.ours))
        )
        rows.append((one.period, one.as_of.isoformat(), one.origin, one.ours, *seen, one.why_not))
    off = table.growth_column("off", "Off by")
    ours, first, now = (
        table.value_column(write, title) for title in ("Ours", "First published", "Now")
    )
    columns = (
        YEAR,
        Column("as_of", "As of"),
        ORIGIN,
        ours,
        first,
        off,
        now,
        off,
        Column("why_not"),
    )
    return Table(columns, tuple(rows), title="Forecasts as of the day before")


def picture(result: past.Backtest) -> Picture:
    """A row a past forecast, the latest first, for each horizon. Raises UsageError if there is
    none.
    """
    trials = ours(result)
    series = result.history.series
    rows = []
    if not trials:
        raise UsageError("There is no past forecast to draw.", "Give more years.")
    write = digits(series.unit, result.history.last)
    write = write._replace(places=(write.places or 0) - 1)
    place = past.SCORING_LEVELS.index(LEVEL)
    horizons = sorted({trial.horizon for trial in trials})[:_MOST_AHEAD]
    for horizon in horizons:
        ahead = sorted(
            (trial for trial in trials if trial.horizon == horizon), key=lambda trial: -trial.period
        )
        group = f"{counted(horizon, 'year')} ahead: {inside(ahead)} of {len(ahead)} inside"
        for rank, trial in enumerate(ahead[: _MOST_ROWS // len(horizons)]):
            bounds = ((LEVEL, trial.lower[place], trial.upper[place]),)
            named = "" if rank else group
            rows.append(past_row(trial.period, trial.forecast, bounds, trial.actual, write, named))
    head = Headline(heading(result).text, sentence(held(result)))
    about = "Forecasts redone with what was known each year. Dots: what came"
    return of_series(Ranges(tuple(rows), PAST_HEADS), write, head, series, about=about)
