"""`backtest`: how forecasts redone from the past fared, by model and horizon; published forecasts
are scored too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, isnan

from rural_forecast.document.picture import Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Kind, Table, Tone
from rural_forecast.errors import UsageError
from rural_forecast.forecasting import backtest as past
from rural_forecast.forecasting.past_record import (
    CLEARLY,
    ENOUGH,
    SCORING_LEVELS,
    SIMPLE,
    Score,
    Trial,
    ahead,
    in_percent,
    record_of,
)
from rural_forecast.text.numbers import Amounts, digits, percent, significant
from rural_forecast.text.wording import Headline, capital, counted, headline, sentence
from rural_forecast.views import table
from rural_forecast.views.about import documented, inputs, provenance, published, used
from rural_forecast.views.lines import of_series
from rural_forecast.views.names import title_of
from rural_forecast.views.precedents import record_by_horizon
from rural_forecast.views.rows import PAST_HEADS, PAST_SIGNS, past_row

WORDS = {
    "naive": "the last value",
    "drift": "a steady change",
    "linear": "a straight line",
    "cagr": "steady growth",
}
LEVEL = past.LEVELS[0]
UNLIKELY = 0.05  # chance below which a count of outcomes inside an interval speaks against it
NEAR = 0.1  # share of outcomes by which an interval may miss its level without a word
_MOST_ROWS = 21  # of a picture, over all its horizons
_MOST_AHEAD = 3  # horizons of a picture
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
ORIGIN = Column("origin", "From", "year")


@dataclass(frozen=True, slots=True)
class _Totals:
    """Scores over all horizons that headlines compare; None where there is none."""

    ours: Score | None
    naive: Score | None
    simple: Score | None  # the best simple method on the same forecasts


def document(result: past.Backtest, *, detail: bool = False) -> Document:
    """Make the document of `backtest`; `detail` gives every forecast in place of the scores."""
    series = result.history.series
    if detail:
        records = _detail(result)
        sections = [records]
    else:
        records = _score_records(result)
        longest = max(trial.horizon for trial in result.trials)
        models = [score.model for score in result.scores]
        sections = [
            _screen(result),
            _every_model(result),
            *record_by_horizon(result.history.evidence, longest, models, result.subject),
        ]
    if result.published:
        sections.append(_published(result))
    if result.vintages:
        sections.append(_vintages(result))
    return documented(
        "backtest",
        heading(result),
        records,
        sections,
        result.notes,
        series,
        sentences=[sentence(held(result))] if len(ours(result)) >= ENOUGH else [],
        brief="" if detail else "-f markdown",
        observed=lambda: inputs(used(result.history)),
        provenance=provenance(result.history),
    )


def _score_records(result: past.Backtest) -> Table:
    """Make the rows of the contract: the scores of each model, over all horizons and at each."""
    series_id = result.history.series.id
    rows = tuple(
        (series_id, score.model, score.horizon, score.n, *_measures(score))
        for score in result.scores
    )
    columns = (Column("series_id"), MODEL, AHEAD, FORECASTS, *MEASURES, *COVERAGE)
    return Table(columns, rows)


def _every_model(result: past.Backtest) -> Table:
    """Tabulate the scores of every model, the best first if they rest on enough forecasts."""
    totals = [score for score in result.scores if score.horizon is None]
    most = max((score.n for score in totals if score.model == "consensus"), default=0)
    if most >= ENOUGH:
        totals.sort(key=lambda score: (isnan(score.owa), score.owa))
    coverage = [
        table.share_column(f"coverage_{level}", f"Coverage {level} %") for level in past.LEVELS
    ]
    tones: tuple[Tone, ...] = tuple(
        "strong" if score.model == "consensus" else "plain" for score in totals
    )
    return Table(
        (MODEL, FORECASTS, *MEASURES, *coverage),
        tuple((score.model, score.n, *_measures(score)) for score in totals),
        "Scores of every model",
        tones,
    )


def heading(result: past.Backtest) -> Headline:
    """Make the headline: a simpler method has been closer, or how many ranges held."""
    title = title_of(result.history.series)
    totals = _compared(result)
    scored = totals.ours
    simple = totals.simple
    origins = sorted({trial.origin for trial in result.trials})
    span = f"from {origins[0]} to {origins[-1]}" if len(origins) > 1 else f"from {origins[0]}"
    if scored is None:
        return headline(title, f"{counted(len(result.trials), 'forecast')} made {span}")

    forecasts = f"{counted(scored.n, 'forecast')} made {span}"
    measure = "sMAPE" if in_percent(result.history.values) else "MASE, in mean yearly changes"
    longest = max(trial.horizon for trial in result.trials)
    error = f"Errors are {measure}, on {forecasts}, {ahead(longest)}"
    claim = f"{_share_in_words(inside(ours(result)), scored.n)} past ranges held"
    if scored.n < ENOUGH:
        claim = "too few past forecasts to judge"
        error = f"{error}: fewer than {ENOUGH} are examples, not evidence"
    elif simple and _is_closer(result, totals):
        claim = f"{WORDS[simple.model]} has been closer so far"
    return headline(title, claim, f"{error}.")


def _share_in_words(count: int, of: int) -> str:
    """Write how many of several things are counted, without a number."""
    if count == of:
        return "all"
    if 2 * count > of:
        return "most"
    return "some" if count else "no"


def ours(result: past.Backtest) -> list[Trial]:
    """Select the forecasts of the consensus."""
    return [trial for trial in result.trials if trial.model == "consensus"]


def inside(trials: Sequence[Trial]) -> int:
    """Count the outcomes inside their 80 % interval."""
    return sum(trial.held for trial in trials)


def _error_of(result: past.Backtest, score: Score) -> float:
    return score.smape if in_percent(result.history.values) else score.mase


def _is_closer(result: past.Backtest, totals: _Totals) -> bool:
    """Check that a simple method was clearly closer, on enough forecasts."""
    if totals.ours is None or totals.simple is None or totals.ours.n < ENOUGH:
        return False
    ours = _error_of(result, totals.ours)
    return bool(_error_of(result, totals.simple) < CLEARLY * ours)


def _compared(result: past.Backtest) -> _Totals:
    """Select the scores that are compared with each other."""
    totals = {score.model: score for score in result.scores if score.horizon is None}
    own = totals.get("consensus")
    simple = None
    if own:
        scores = [totals[name] for name in SIMPLE if name in totals]
        fair = [score for score in scores if score.n == own.n]
        defined = [score for score in fair if not isnan(_error_of(result, score))]
        simple = min(defined, key=lambda score: _error_of(result, score), default=None)
    return _Totals(own, totals.get("naive"), simple)


def _screen(result: past.Backtest) -> Table:
    """Tabulate mean errors by horizon, beside simple methods, and how many outcomes held."""
    titles = _titles(_compared(result))
    scores = {(score.model, score.horizon): score for score in result.scores}
    trials = ours(result) or result.trials
    horizons = sorted({score.horizon for score in result.scores if score.horizon})
    rows: list[tuple[Cell, ...]] = []
    for horizon in (*horizons, None):
        of_horizon = [trial for trial in trials if horizon in (None, trial.horizon)]
        errors = [_shown_error(result, scores.get((model, horizon))) for model in titles]
        count = len(of_horizon)
        rows.append((horizon or "all", count, *errors, f"{inside(of_horizon)} of {count}"))

    kind: Kind = "percent" if in_percent(result.history.values) else "number"
    places = 1 if in_percent(result.history.values) else 2
    columns = (
        AHEAD,
        FORECASTS,
        *(Column(f"error_{model}", title, kind, places) for model, title in titles.items()),
        Column("held", f"In the {LEVEL} % range"),
    )
    tones: tuple[Tone, ...] = tuple("strong" if row[0] == "all" else "plain" for row in rows)
    return Table(columns, tuple(rows), tones=tones)


def _titles(totals: _Totals) -> dict[str, str]:
    """Name the models whose errors a screen shows, ours first and the last value last."""
    titles = {}
    if totals.ours:
        titles["consensus"] = "Ours"
    if totals.simple and totals.simple is not totals.naive:
        titles[totals.simple.model] = capital(WORDS[totals.simple.model].removeprefix("a "))
    if totals.naive:
        titles["naive"] = "Last value"
    return titles


def _shown_error(result: past.Backtest, score: Score | None) -> float | None:
    """Give the error of a score; None where it has none."""
    if score is None:
        return None
    error = _error_of(result, score)
    return None if isnan(error) else error


def held(result: past.Backtest) -> str:
    """Say how often the 80 % interval held, and if that speaks against it.

    Forecasts of one year from several origins share its outcome, so that years are the evidence.
    """
    record = record_of(result.trials)
    if record is None:
        return ""
    count = f"{record.held} of {record.n} outcomes were in the {LEVEL} % range"
    verdict = _verdict(record.held / record.n, record.years)
    return f"{count}, {record.basis}{verdict}"


def _verdict(share: float, years: int) -> str:
    """Judge a share of outcomes inside the interval by the binomial distribution over years."""
    likely = LEVEL / 100
    kept = round(share * years)
    terms = [
        comb(years, count) * likely**count * (1 - likely) ** (years - count)
        for count in range(years + 1)
    ]
    if sum(terms[: kept + 1]) < UNLIKELY:
        return ", so it was too narrow"
    if sum(terms[kept:]) < UNLIKELY:
        return ", so it was too wide"
    return ", too few to say more" if abs(share - likely) > NEAR else ""


def _measures(score: Score) -> list[float | None]:
    """Give the measures and coverage of a score, empty where they are not defined."""
    values = (getattr(score, column.key) for column in (*MEASURES, *COVERAGE))
    return [None if isnan(value) else value for value in values]


def _detail(result: past.Backtest) -> Table:
    """Tabulate every forecast with its intervals and the outcome."""
    series_id = result.history.series.id
    indices = [SCORING_LEVELS.index(level) for level in past.LEVELS]
    rows = []
    for trial in result.trials:
        ends = table.flat((trial.lower[index], trial.upper[index]) for index in indices)
        row = (series_id, trial.model, trial.origin, trial.period, trial.forecast, trial.actual)
        rows.append((*row, *ends))
    columns = (
        Column("series_id"),
        MODEL,
        ORIGIN,
        table.YEAR,
        Column("forecast", "Forecast", "number"),
        table.as_given(
            Column("actual", "Happened", "number"), [trial.actual for trial in result.trials]
        ),
        *table.interval_columns(past.LEVELS),
    )
    return Table(columns, tuple(rows), "Every forecast")


def _published(result: past.Backtest) -> Table:
    """Tabulate published forecasts, the outcome, and our forecast as of their date."""
    return table.tabulated(
        result.published,
        (table.YEAR, lambda score: score.forecast.period.year),
        (Column("said", "Forecast"), lambda score: published(score.forecast)),
        (Column("author", "By"), lambda score: score.forecast.author),
        (Column("dated", "Dated"), lambda score: score.forecast.dated),
        table.as_given(
            Column("actual", "Happened", "number"), [score.actual for score in result.published]
        ),
        (Column("verdict"), _outcome),
        Column("ours", "Ours, as of then", "number"),
        Column("why_not"),
        title="Published forecasts",
    )


def _outcome(score: past.PublishedScore) -> str:
    """Say how far a published forecast was off, or if its bound was met."""
    if score.met is not None:
        return "met" if score.met else "missed"
    if score.error_pct is None:
        return ""
    return f"off by {percent(score.error_pct)}" if score.error_pct else "exact"


def _vintages(result: past.Backtest) -> Table:
    """Tabulate ours just before a year was first published, that figure, and the present one."""
    write = Amounts(result.history.series.unit, significant(result.history.last))
    rows = []
    for vintage in result.vintages:
        row = (
            vintage.period,
            vintage.as_of.isoformat(),
            vintage.origin,
            vintage.ours,
            vintage.first.value,
            table.growth(vintage.first.value, vintage.ours),
            vintage.now.value,
            table.growth(vintage.now.value, vintage.ours),
            vintage.why_not,
        )
        rows.append(row)
    off = table.growth_column("off", "Off by")
    columns = (
        table.YEAR,
        Column("as_of", "As of"),
        ORIGIN,
        table.value_column(write, "Ours"),
        table.as_given(
            table.value_column(write, "First published"),
            [vintage.first.value for vintage in result.vintages],
        ),
        off,
        table.as_given(
            table.value_column(write, "Now"), [vintage.now.value for vintage in result.vintages]
        ),
        off,
        Column("why_not"),
    )
    return Table(columns, tuple(rows), title="Forecasts as of the day before")


def picture(result: past.Backtest) -> Picture:
    """Draw a row for each past forecast, the latest first, by horizon.

    Raises UsageError if there is none.
    """
    trials = ours(result)
    if not trials:
        raise UsageError("There is no past forecast to draw.", "Give more years.")
    series = result.history.series
    write = digits(series.unit, result.history.last)
    write = write._replace(places=(write.places or 0) - 1)
    horizons = sorted({trial.horizon for trial in trials})[:_MOST_AHEAD]
    simpler = _simpler_forecasts(result)
    rows = list[Row]()
    for horizon in horizons:
        of_horizon = [trial for trial in trials if trial.horizon == horizon]
        group = _group(result, of_horizon, is_compared=bool(simpler))
        for row in _rows(of_horizon, _MOST_ROWS // len(horizons), write, group):
            other = simpler.get((int(row.name), horizon))
            texts = (*row.texts, "" if other is None else write(other))
            rows.append(row._replace(texts=texts, rival=other) if simpler else row)
    plot = Ranges(tuple(rows), PAST_HEADS, signs=PAST_SIGNS)
    if simpler:
        plot = plot._replace(heads=(*PAST_HEADS, _simplest(result)), signs=(*PAST_SIGNS, "rival"))
    return of_series(
        plot,
        write,
        Headline(heading(result).text, sentence(held(result))),
        series,
        about=_about(result, trials),
    )


def _about(result: past.Backtest, trials: Sequence[Trial]) -> str:
    """Say what is drawn, and on which basis values are that were observed on a later one."""
    sentences = ["Forecasts redone with what was known each year"]
    if any(result.history.scale_of(trial.origin) != 1 for trial in trials):
        sentences.append("Observed: on the basis of each forecast")
    return ". ".join((*sentences, f"Bars: {LEVEL} % ranges"))


def _simplest(result: past.Backtest) -> str:
    """Name the best simple method, without an article."""
    simple = _compared(result).simple
    return WORDS[simple.model].removeprefix("a ") if simple else ""


def _group(result: past.Backtest, trials: Sequence[Trial], *, is_compared: bool) -> str:
    """Head the forecasts of one horizon: how many held and, if compared, how far off both were."""
    horizon = trials[0].horizon
    text = f"{counted(horizon, 'year')} ahead: {inside(trials)} of {len(trials)} inside"
    simple = _compared(result).simple
    if not is_compared or simple is None or not in_percent(result.history.values):
        return text
    scores = {(score.model, score.horizon): score for score in result.scores}
    errors = []
    for model in ("consensus", simple.model):
        error = _shown_error(result, scores.get((model, horizon)))
        if error is None:
            return text
        errors.append(f"{error:.0f} %")
    own, other = errors
    return f"{text}; {own} off on average, {_simplest(result)} {other}"


def _simpler_forecasts(result: past.Backtest) -> dict[tuple[int, int], float]:
    """Give the forecasts of the method that the headline calls closer, by period and horizon."""
    totals = _compared(result)
    if not _is_closer(result, totals):
        return {}
    name = totals.simple.model if totals.simple else ""
    of_model = [trial for trial in result.trials if trial.model == name]
    return {(trial.period, trial.horizon): trial.forecast for trial in of_model}


def _rows(trials: Sequence[Trial], most: int, write: Amounts, group: str) -> Iterator[Row]:
    """Draw the latest forecasts of one horizon; the first row heads the group."""
    index = SCORING_LEVELS.index(LEVEL)
    latest = sorted(trials, key=lambda trial: -trial.period)
    for trial in latest[:most]:
        bounds = ((LEVEL, trial.lower[index], trial.upper[index]),)
        yield past_row(trial.period, trial.forecast, bounds, trial.actual, write, group)
        group = ""
