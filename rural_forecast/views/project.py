"""`project`: the rows of the contract, and for people a screen with the answer first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf, log10

from rural_forecast.document.table import Cell, Column, Document, Sign, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.observed.history import History
from rural_forecast.question.question import DEFAULT_LEVELS
from rural_forecast.text.numbers import (
    sparkline,
)
from rural_forecast.text.style import LOG_FROM
from rural_forecast.text.wording import listed
from rural_forecast.views import about, attribution, chances, premises, table
from rural_forecast.views.answer import (
    by_subject,
    caution,
    heading,
    in_sentences,
    in_tables,
    points,
)
from rural_forecast.views.others import estimates, voices
from rural_forecast.views.recorded import compound_growth, figures, inputs_of, made_by
from rural_forecast.views.table import PathYear, RangedRow

FAMILIAR = ("cagr", "linear", "arima", "ets")
"""Models that an analyst knows, named below the answer."""
ACTUALS = 2  # last years of history that a brief screen shows
LONGEST = 24  # years of history in the sparkline


def document(
    result: Forecast,
    *,
    history: bool = False,
    all_models: bool = False,
    brief: bool = False,
    targets: Sequence[float] = (),
) -> Document:
    """Make the document of `project`, with `brief` one that fits a screen.

    With `targets`, the rows are those of their chances.
    """
    series = result.history.series
    write = in_tables(result)
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    if reached:
        rows = chances.tabulated(series.id, reached)
    else:
        rows = Table(table.row_columns(result.levels), tuple(_records(result, history)))

    sections = [course(result, reached, whole=history or not brief, published=brief)]
    if result.pool:
        sections.append(voices(result, result.pool))
    if result.published and not brief:
        sections.append(estimates(result))
    if all_models:
        sections.append(_every_model(result))

    more: tuple[str, ...] = ("--all-models",)
    if result.levels == DEFAULT_LEVELS:
        more = ("--level 95", *more)
    return about.documented(
        "project",
        heading(result, reached),
        rows,
        sections,
        result.notes,
        series,
        sentences=[
            *premises.stated(result, in_sentences(result)),
            by_subject(result, reached, in_sentences(result)),
            *(chances.sentence(chance, write) for chance in reached),
            caution(result),
        ],
        about=about.about(series, _publishers(result), brief=brief),
        course=_sparkline(result),
        points=() if brief else points(result),
        brief="--explain" if brief else "",
        drawn=course(result, reached, whole=True, published=True) if result.published else None,
        more=more,
        figures=compound_growth(result, reached) | figures(result),
        inputs=inputs_of(result),
        provenance=made_by(result),
    )


def _publishers(result: Forecast) -> list[str]:
    """Name the sources that have a name."""
    names = attribution.of_forecasts(result)
    return [name for name in names if name != attribution.SUPPLIED]


def _sparkline(result: Forecast) -> str:
    """Draw history and forecast in characters, between their first and last year."""
    past = result.history.values.tolist()[-LONGEST:]
    values = [*past, *result.best.values.tolist()]
    if min(values) > 0 and max(values) / min(values) > LOG_FROM:
        values = [log10(value) for value in values]
    heights = sparkline(values, longest=2 * LONGEST)
    first = result.history.years[-len(past)]
    return f"{first} {heights[: len(past)]}┊{heights[len(past) :]} {result.target}"


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract; `history` adds actual and published ones."""
    series = result.history.series
    levels = len(result.levels)
    if history:
        yield from table.actual_rows(series, (*result.history.observations, *result.later), levels)
        no_bounds_nor_growth: tuple[Cell, ...] = (None,) * (2 * levels + 1)
        for figure in result.published:
            if figure.period.is_year:
                yield (
                    series.id,
                    figure.period.year,
                    "published",
                    figure.author,
                    figure.value,
                    *no_bounds_nor_growth,
                    series.unit,
                )
    for model in (*result.main, *result.others):
        yield from table.path_rows(
            series, "forecast", model.model, result.years, model, result.history.last
        )


def course(
    result: Forecast, reached: Sequence[Chance] = (), *, whole: bool, published: bool
) -> Table:
    """Tabulate the last years and the forecast, with what happened since.

    `whole` shows the whole history and all levels, `published` the estimates of others beside ours.
    """
    write = in_tables(result)
    observations = (*result.history.observations, *result.later)
    actual = {observation.period.year: observation.value for observation in observations}
    expected = _expected(result) if published else {}
    paths = [
        (model.model, [*table.steps(result.years, model)]) for model in result.main if model.answers
    ]

    rows = [*_past_rows(result.history)]
    if not whole:
        rows = rows[-ACTUALS:]
    for step, year in enumerate(result.years):
        rows += _forecast_rows(result, paths, step, reached)
        before = actual.get(year - 1)
        for author, value in expected.get(year, {}).items():
            by_author = len(expected[year]) > 1
            said_before = expected.get(year - 1, {}).get(author, before)
            kind = author if by_author and author else "published"
            rows.append(_figure_row(year, value, said_before, kind, "published"))
        if year in actual:
            rows.append(_figure_row(year, actual[year], before, "came"))

    in_words = write._replace(places=None)
    aims = [f"≥ {in_words(chance.target)}" for chance in reached]
    return table.ranged(
        rows,
        table.YEAR,
        table.value_column(write),
        result.levels,
        write,
        before=(Column("kind", ""),),
        behind=(
            table.growth_column(decimals=None),
            *(table.share_column("chance", aim) for aim in aims),
        ),
        every=whole,
        title="History and forecast",
        most=whole_of_rate(result.history),
    )


def _expected(result: Forecast) -> dict[int, dict[str, float]]:
    """Give the latest estimate that each author published, by year; bounds are none."""
    exact = [
        figure for figure in result.published if figure.period.is_year and figure.qualifier in "=~"
    ]
    exact.sort(key=lambda figure: figure.dated)
    by_year: dict[int, dict[str, float]] = {}
    for figure in exact:
        by_year.setdefault(figure.period.year, {})[figure.author] = figure.value
    return by_year


def _past_rows(history: History) -> Iterator[RangedRow]:
    """Yield a row for each value used, in order of years.

    Those of earlier bases are at their own level, and growth into a basis is the published one.
    """
    into = {rate.period.year: rate.value for rate in history.growth_into_bases}
    values = dict[int, float]()
    for observation in (*history.on_earlier_bases, *history.observations):
        year = observation.period.year
        kind: str = "derived" if observation.derived else observation.status
        if year < history.first:
            kind = "old basis"
        if year in history.breaks_used:
            growth: Cell = into.get(year)
        else:
            growth = table.shown_growth(values.get(year - 1), observation.value)
        yield RangedRow(year, observation.value, sign="observed", before=(kind,), behind=(growth,))
        values[year] = observation.value


def _figure_row(
    year: int, value: float, before: float | None, kind: str, sign: Sign = "observed"
) -> RangedRow:
    """Make the row of a figure that somebody published; `before` is that of the year before."""
    growth = table.shown_growth(before, value)
    return RangedRow(year, value, sign=sign, before=(kind,), behind=(growth,))


def _forecast_rows(
    result: Forecast,
    paths: Sequence[tuple[str, Sequence[PathYear]]],
    step: int,
    reached: Sequence[Chance],
) -> Iterator[RangedRow]:
    """Yield the rows of one year: a forecast of each model that still gives one."""
    in_year = tuple(chance.at_or_above[step] for chance in reached)
    for model, path in paths:
        if step >= len(path):
            continue
        year, value, ends = path[step]
        before = path[step - 1].value if step else result.history.last
        yield RangedRow(
            year,
            value,
            ends,
            "ours" if model == result.best.model else "other",
            before=("forecast" if len(paths) == 1 else model,),
            behind=(table.shown_growth(before, value), *in_year),
            tone="strong" if year == result.target else "plain",
        )


def other_models(result: Forecast, models: Iterable[ModelForecast]) -> str:
    """Write the answers of familiar models for the target year in a line."""
    write = in_tables(result)
    reaching = {model.model: model for model in models if len(model.values) == len(result.years)}
    answers = []
    cut = []
    for name in FAMILIAR:
        if name not in reaching:
            continue
        # In the middle of a line; the others are abbreviations.
        shown = name if name == "linear" else about.short_name(name)
        if reaching[name].cut:
            cut.append(shown)
        else:
            answers.append(f"{shown} {write(reaching[name].last)}")
    if cut:
        answers.append(f"above the whole: {listed(cut)}")
    return f"Other models, {result.target}: {', '.join(answers)}" if answers else ""


def _every_model(result: Forecast) -> Table:
    """Tabulate each model with its weight in the consensus, or why it gives no forecast."""
    models = [model.through(len(result.years)) for model in result.others]
    models.sort(
        key=lambda model: (not model.answers, inf if model.weight is None else -model.weight)
    )
    opinions = registry.names("opinion")
    rows = []
    for model in models:
        value = None
        ends = list[tuple[float, float]]()
        why = model.reason
        if model.answers:
            value = model.last
            ends = [model.ends(index) for index in range(len(result.levels))]
            why = model.message or ("opinion" if model.model in opinions else "")
        rows.append(RangedRow(model.model, value, ends, "other", behind=(model.weight, why)))

    write = in_tables(result)
    return table.ranged(
        rows,
        Column("model", "Model"),
        table.value_column(write, "Value"),
        result.levels,
        write,
        behind=(table.share_column("weight", "Weight"), Column("reason", "")),
        title=f"Other models for {result.target}",
    )
