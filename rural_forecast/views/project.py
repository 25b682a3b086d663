"""`project`: the rows of the contract, and for people a screen with the answer first.

Other views take parts of it: the headline of a forecast, how its amounts are written, the tables of
other markets, and the options that give the same numbers again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, log10
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Cell, Column, Document, Sign, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.evidence import corpus_record, subject_record
from rural_forecast.forecasting.result import Forecast, ModelForecast, Pool, Shares, Voice
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.notes import ALWAYS, CAUTIONS, Note, of_code
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import MARKET_KINDS, NO_KIND, Observation
from rural_forecast.observed.preference import PublishedForecast
from rural_forecast.question.question import CONSENSUS, DEFAULT_LEVELS, Question
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import (
    Amounts,
    given_places,
    outwards,
    percent,
    range_amounts,
    sparkline,
)
from rural_forecast.text.style import LOG_FROM
from rural_forecast.text.wording import Headline, capital, counted, listed
from rural_forecast.views import about, attribution, chances, premises, table
from rural_forecast.views.names import title_of
from rural_forecast.views.table import PathYear, RangedRow

if TYPE_CHECKING:
    from rural_forecast.observed.money import Conversion

FAMILIAR = ("cagr", "linear", "arima", "ets")
"""Models that an analyst knows, named below the answer."""
ACTUALS = 2  # last years of history that a brief screen shows
YEAR = Column("period", "Year", "year")
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
        more=more,
        figures=_compound_growth(result, reached) | figures(result),
        inputs=inputs_of(result),
        provenance=made_by(result),
    )


def _publishers(result: Forecast) -> list[str]:
    """Name the sources that have a name."""
    names = attribution.of_forecasts(result)
    return [name for name in names if name != attribution.SUPPLIED]


def inputs_of(result: Forecast, *others: History) -> Table:
    """List the values used, and those of the other series and voices that it rests on."""
    expected = list[Observation]()
    if result.pool:
        for observation in result.history.series.observations:
            if observation.status == "forecast":
                expected.append(observation)
    other_markets = filter(None, (*result.limits.like, result.limits.within, *others))
    return about.inputs(
        about.used(result.history, *expected, start=result.running),
        *map(about.used, other_markets),
        *about.given(*money_of(result)),
    )


def money_of(result: Forecast) -> Iterator[Conversion]:
    """Yield how amounts came into the prices of one year, and into another currency."""
    yield from filter(None, (result.history.series.prices, result.exchange))


def _sparkline(result: Forecast) -> str:
    """Draw history and forecast in characters, between their first and last year."""
    past = result.history.values.tolist()[-LONGEST:]
    values = [*past, *result.best.values.tolist()]
    if min(values) > 0 and max(values) / min(values) > LOG_FROM:
        values = [log10(value) for value in values]
    heights = sparkline(values, longest=2 * LONGEST)
    first = result.history.years[-len(past)]
    return f"{first} {heights[: len(past)]}┊{heights[len(past) :]} {result.target}"


_RECORDED = (
    *("levels", "target", "basis"),
    *("real", "inflation", "currency", "converted_from", "rate"),
    *("models", "since", "until", "prefer", "pool", "as_of"),
    *("ceiling", "floor", "measure", "kind", "within", "like"),
)
"""The order of options that records have had since 3.0; others follow."""


def made_by(result: Forecast, **more: Any) -> Mapping[str, Any]:
    """Describe the origin of a forecast: its data, and the options that differ from the default."""
    options = {
        **_answered(result).to_json(),
        **about.money_options(money_of(result), result.years),
    }
    if result.pool:
        options["pool"] = result.pool.stated
    if result.question.ceiling:  # a workbook writes a range in round brackets
        options["ceiling"] = result.question.ceiling
    # That of the series too, and the one read from its title.
    if kind := result.limits.kind or result.question.kind:
        options["kind"] = kind
    ordered = {name: options[name] for name in (*_RECORDED, *options) if name in options}
    return about.provenance(result.history, result.running, **ordered, **more)


def _answered(result: Forecast) -> Question:
    """The question as it was answered: by its years, its models and a total that binds."""
    history = result.history
    left_out = {unused.why for unused in history.left_out}
    main = (result.pool.ours,) if result.pool else result.main
    models = tuple(path.model for path in main)
    total = result.limits.within
    since = None
    if "since" in left_out:
        since = history.first if history.bases is None else history.linked.first
    beside = [registry.get(path.model) for path in result.others if path.model != CONSENSUS]
    # A total that never binds leaves the numbers as they are without it.
    binds = result.shares is None or result.shares.binds
    return replace(
        result.question,
        year=result.target,
        models=() if models == (CONSENSUS,) else models,
        kernels=any(model.own_forecast is None for model in beside),
        opinions=any(model.own_forecast is not None for model in beside),
        since=since,
        breaks=history.breaks_used,
        until=history.origin if left_out & {"until", "new basis"} else None,
        prefer=history.prefer,
        allow_gaps=False,
        kind=None,
        within=total.series if total and binds else None,
    )


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
        if year in expected:
            before_expected = expected.get(year - 1, before)
            rows.append(
                _figure_row(year, expected[year], before_expected, "published", "published")
            )
        if year in actual:
            rows.append(_figure_row(year, actual[year], before, "came"))

    in_words = write._replace(places=None)
    aims = [f"≥ {in_words(chance.target)}" for chance in reached]
    return table.ranged(
        rows,
        YEAR,
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


def _expected(result: Forecast) -> dict[int, float]:
    """Give the latest estimate that others published of each year; bounds are none."""
    exact = [
        figure for figure in result.published if figure.period.is_year and figure.qualifier in "=~"
    ]
    exact.sort(key=lambda figure: figure.dated)
    return {figure.period.year: figure.value for figure in exact}


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


def estimates(result: Forecast) -> Table:
    """Tabulate forecasts of third parties with our value of the same year, or what happened."""
    write = in_tables(result)
    observations = (*result.history.observations, *result.later)
    actual = {observation.period.year: observation.value for observation in observations}
    rows = list[tuple[Cell, ...]]()
    places = []
    for figure in result.published:
        if not figure.period.is_year:
            continue
        year = figure.period.year
        compared: float | None = None
        digits = write.places or 0
        verdict = ""
        if year in actual:
            compared = actual[year]
            digits = given_places(compared / write.factor)
            verdict = _outcome(figure, compared)
        elif year in result.years:
            compared = float(result.best.values[result.years.index(year)])
            verdict = _place_in_intervals(result, figure, compared)
        author = f"{figure.author}, a target" if figure.target else figure.author
        rows.append((year, about.published(figure, write), author, figure.dated, compared, verdict))
        places.append(digits)
    ours = table.value_column(write, "Ours or actual", "ours")
    columns = (
        YEAR,
        Column("value", "Published"),
        Column("author", "By"),
        Column("dated", "Dated"),
        ours._replace(row_decimals=tuple(places)),
        Column("verdict"),
    )
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(figure: PublishedForecast, actual: float) -> str:
    """Say how far a published figure was off, or if its bound was met."""
    if figure.qualifier in "<>":
        met = (actual >= figure.value) == (figure.qualifier == ">")
        return f"actual: {'met' if met else 'missed'}"
    if figure.value == actual:
        return "actual: exact"
    return f"actual: off by {percent(100 * (figure.value / actual - 1))}" if actual else "actual"


def _place_in_intervals(result: Forecast, figure: PublishedForecast, ours: float) -> str:
    """Say in which interval of ours a published figure is: the narrowest that holds it."""
    step = result.years.index(figure.period.year)
    sides = (result.best.lower[:, step], result.best.upper[:, step])
    for level, low, high in zip(result.levels, *sides, strict=True):
        if low <= figure.value <= high:
            return f"inside our {level} % interval"
    side = "above" if figure.value > ours else "below"
    return f"{side} our {result.levels[-1]} % interval"


def voices(result: Forecast, pool: Pool) -> Table:
    """Tabulate the forecast of each voice for each year, ours with its range, and why."""
    write = in_tables(result)
    forecasts = {voice.who: voice.forecasts for voice in pool.voices}
    rows = list[tuple[Cell, ...]]()
    for year in pool.years:
        for who, weight in pool.shares(year).items():
            figure = forecasts[who].get(year)
            if figure:
                value = about.published(figure, write)
                rows.append((year, who, value, weight, figure.dated, figure.note))
            else:
                rows.append((year, who, _our_voice(result, pool, year), weight, None, None))
    columns = (
        YEAR,
        Column("who", "Voice"),
        Column("value", "Value"),
        table.share_column("weight", "Weight"),
        Column("dated", "Dated"),
        Column("why", "Why"),
    )
    return Table(columns, tuple(rows), "Voices of the pool")


def _our_voice(result: Forecast, pool: Pool, year: int) -> str:
    """Write our own forecast of a year, without those of others, and its range."""
    write = in_tables(result)
    step = result.years.index(year)
    index = result.headline
    median = float(pool.ours.values[step])
    ends = (float(pool.ours.lower[index, step]), float(pool.ours.upper[index, step]))
    low, high = write.of_range(median, *ends).bounds(*ends)
    value = write(median)
    return f"{value} ({low} to {high}, {result.levels[index]} %)"


def markets(result: Forecast) -> Iterator[Table]:
    """Tabulate the leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        is_share = whole_of_rate(result.history) is not None
        more = "Years for ten points" if is_share else "Years to double"
        columns: tuple[Column, ...] = (
            Column("name", "Leading market"),
            Column("crossed", "At our level in", "year"),
            Column("years_to_more", more, "number", 1),
        )
        leads = tuple((lead.name, round(lead.crossed), lead.years_to_more) for lead in result.leads)
        yield Table(columns, leads, "Leading markets")
    if result.shares:
        columns = (
            YEAR,
            table.share_column("share", "Share"),
            table.share_column("share", "80 % from")._replace(side="down"),
            table.share_column("share", "to")._replace(side="up"),
        )
        title = f"Share of {result.shares.title}, as both forecasts imply"
        yield Table(columns, tuple(_shares(result.years, result.shares)), title)


def _shares(years: Sequence[int], shares: Shares) -> Iterator[tuple[float, ...]]:
    """Yield each year with its share and the bounds of the share."""
    yield from zip(
        years, shares.value.tolist(), shares.lower.tolist(), shares.upper.tolist(), strict=True
    )


def figures(result: Forecast) -> dict[str, Any]:
    """Describe the pool and other markets for the json format; empty without them."""
    described: dict[str, Any] = {}
    if result.pool:
        described["pool"] = [_voice(voice) for voice in result.pool.voices]
    if result.leads:
        described["leaders"] = [
            {"name": lead.name, "crossed": lead.crossed, "years_to_more": lead.years_to_more}
            for lead in result.leads
        ]
    if result.shares:
        described["within"] = _total(result, result.shares)
    return described


def _voice(voice: Voice) -> dict[str, Any]:
    """Describe a voice of the pool."""
    return {
        "who": voice.who,
        "weight": voice.weight,
        "by": voice.by,
        "spread": " and ".join(voice.spread),
    }


def _total(result: Forecast, shares: Shares) -> dict[str, Any]:
    """Describe the total that a series is a part of, and its share in each year."""
    return {
        "total": shares.total,
        "past": list(shares.past) if shares.past else None,
        "shares": [
            {"period": year, "share": share, "lower_80": lower, "upper_80": upper}
            for year, share, lower, upper in _shares(result.years, shares)
        ],
    }


def in_sentences(result: Forecast) -> Amounts:
    """Choose how the value of the target year and its range are written in a sentence."""
    return range_amounts(
        result.history.series.unit, result.best.last, *result.best.ends(result.headline)
    )


def in_tables(result: Forecast) -> Amounts:
    """Choose how a column of forecasts is written: by the first one and its range."""
    best = result.best
    index = result.headline
    return range_amounts(
        result.history.series.unit,
        float(best.values[0]),
        float(best.lower[index, 0]),
        float(best.upper[index, 0]),
        largest=max(abs(result.history.last), float(abs(best.values).max())),
    )


def heading(
    result: Forecast, reached: Sequence[Chance] = (), write: Amounts | None = None
) -> Headline:
    """Make the headline: the target year, or the chance of a target, and how sure it is.

    A picture gives its own way to `write` amounts.
    """
    write = write or in_sentences(result)
    best = result.best
    title = title_of(result.history.series)
    level = result.levels[result.headline]
    ends = best.ends(result.headline)
    by = "" if best.model == "consensus" else f"{capital(_model_title(best.model))}: "
    if reached:
        low, high = ends
        sure = f", {words.odds(level, *write.bounds(low, high))}" if high > low else ""
        likely = f"{by}About {write.full(best.last)}{sure}."
        return chances.heading(title, reached[0], write, likely)

    head = words.about(title, result.target, best.last, level, ends, write)
    if by and head.range:
        return head._replace(range=f"{by}{head.range[0].lower()}{head.range[1:]}")
    return head


def _model_title(name: str) -> str:
    """Name what answers in place of the consensus in a sentence."""
    titles = {"pool": "the pool"} | {model.name: model.title for model in registry.MODELS}
    return titles.get(name, name)


def _compound_growth(result: Forecast, reached: Sequence[Chance]) -> dict[str, Any]:
    """Describe compound growth and targets for the json format."""
    described: dict[str, Any] = {}
    if rate := result.cagr:
        growth = {"from": result.origin, "to": result.target, "value": rate.value}
        for index, level in enumerate(result.levels):
            growth[f"lower_{level}"] = rate.lower[index]
            growth[f"upper_{level}"] = rate.upper[index]
        described["cagr_pct"] = growth
    if reached:
        described["targets"] = [chances.described(chance) for chance in reached]
    return described


def by_subject(result: Forecast, reached: Sequence[Chance], write: Amounts) -> str:
    """Say by which subject it is forecast, and what it would be without; empty without one."""
    subject = result.subject
    if subject is None:
        return ""
    if reached:
        other = replace(result, wide=subject.without, subject=None).chance(reached[0].target)
        without = chances.share(other.at_or_above[-1])
    else:
        without = write.full(subject.without.last)
    how = "by its title" if subject.is_read else "as stated"
    return f"As {subject.words}, {how}; --kind {NO_KIND}: {without}."


def caution(result: Forecast) -> str:
    """Warn where the record on similar series is worse than that of the last value; else empty."""
    values = result.history.evidence
    horizon = len(result.years)
    about_it = subject_record(values, result.limits.kind, horizon)
    record = about_it or corpus_record(values, "consensus", horizon)
    if record is None or result.best.model != "consensus" or record.smape <= record.naive_smape:
        return ""
    alike = f" ({MARKET_KINDS[record.subject]})" if record.subject else ""
    return (
        f"Caution: on similar series{alike}, forecasts {counted(record.horizon, 'year')} ahead "
        f"have been further off than the last value: sMAPE {record.smape:.1f} % against "
        f"{record.naive_smape:.1f} %."
    )


def points(result: Forecast, say: Callable[[Note], str] = str) -> tuple[str, ...]:
    """List compound growth, how the forecast was chosen, then what to be careful about.

    `say` puts a note into words.
    """
    notes = (*of_code(result.notes, "pooled", "not_pooled"), *cautions(result))
    sentences = [say(note) for note in notes]
    if rate := result.cagr:
        low = percent(outwards(rate.lower[result.headline], 1, "down"))
        high = percent(outwards(rate.upper[result.headline], 1, "up"))
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        level = result.levels[result.headline]
        sentences.insert(0, f"{span} ({level} %: {low} to {high}).")
    return tuple(sentences)


def cautions(result: Forecast) -> list[Note]:
    """Select all warnings; without any, the gravest of what else is known."""
    codes = CAUTIONS + ALWAYS
    warnings = [note for note in result.notes if note.warning or note.code in codes]
    if warnings:
        return warnings
    ranked = [note for note in about.remarks(result.notes) if note.code in about.GRAVEST_FIRST]
    return ranked[:1]
