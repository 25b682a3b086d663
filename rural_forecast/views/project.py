"""`project`: the rows of the contract, and for people a screen with the answer first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, log10
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Sign, Table, Tone
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.limits import whole as whole_of
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.forecasting.result import Forecast, ModelForecast, Pool
from rural_forecast.series.money import Conversion
from rural_forecast.text.numbers import percent, sparkline
from rural_forecast.text.style import LOG_FROM
from rural_forecast.views import answer, table
from rural_forecast.views.about import (
    about,
    documented,
    given,
    inputs,
    money_options,
    provenance,
    published,
    used,
)
from rural_forecast.views.answer import in_tables, short_name

KNOWN = ("cagr", "linear", "arima", "ets")  # models that an analyst knows, named below the answer
ACTUALS = 2
YEAR = Column("period", "Year", "year")
TARGETS = table.keyed("series_id target:number period:year chance:number chance_by:number")
LONGEST = 24


def document(
    result: Forecast,
    *,
    history: bool = False,
    all_models: bool = False,
    brief: bool = False,
    targets: Sequence[float] = (),
) -> Document:
    """The document of `project`, `brief` to fit a screen; with `targets` the rows are those of their chances."""
    series, write, levels = result.history.series, in_tables(result), result.levels
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    said = [*(answer.target_sentence(chance, write) for chance in reached), answer.caution(result)]
    sections = [course(result, reached, whole=history or not brief, published=brief)]
    sections += [voices(result, result.pool)] if result.pool else []
    sections += [estimates(result)] if result.published and not brief else []
    sections += [_every_model(result)] if all_models else []
    rows = Table(table.row_columns(levels), tuple(_records(result, history)))
    if reached:
        chances = ((each, zip(each.years, each.at_or_above, each.chances, strict=True)) for each in reached)
        rows = Table(TARGETS, tuple((series.id, each.target, *row) for each, years in chances for row in years))
    return documented(
        "project",
        answer.heading(result, reached),
        rows,
        sections,
        result.notes,
        series,
        said=said,
        about=about(series, brief=brief),
        course=_sparkline(result),
        points=() if brief else answer.points(result),
        brief="--explain" if brief else "",
        more=("--level 95", "--all-models") if levels == DEFAULT_LEVELS else ("--all-models",),
        figures=answer.figures(result, reached) | figures(result),
        inputs=inputs_of(result),
        provenance=made_by(result),
    )


def inputs_of(result: Forecast) -> Table:
    """The values used, those of other markets that it rests on, and what others expect where that is pooled."""
    expected = [seen for seen in result.history.series.observations if result.pool and seen.status == "forecast"]
    markets = filter(None, (*result.limits.like, result.limits.within))
    return inputs(used(result.history, *expected), *map(used, markets), *given(*money_of(result)))


def money_of(result: Forecast) -> Iterator[Conversion]:
    """How amounts came into the prices of one year, and into another currency."""
    yield from filter(None, (result.history.series.prices, result.exchange))


def _sparkline(result: Forecast) -> str:
    """All history and the forecast in characters, between their first and last year."""
    known = result.history.values.tolist()[-LONGEST:]
    values = [*known, *result.best.values.tolist()]
    if min(values) > 0 and max(values) / min(values) > LOG_FROM:
        values = [log10(value) for value in values]
    heights = sparkline(values, longest=2 * LONGEST)
    first = result.history.years[-len(known)]
    return f"{first} {heights[: len(known)]}┊{heights[len(known) :]} {result.target}"


def made_by(result: Forecast, **more: Any) -> Mapping[str, Any]:
    """The options that differ from the default, and versions: what gives the same numbers again."""
    history, limits = result.history, result.limits
    left_out = {unused.why for unused in history.left_out}
    models = [model.model for model in ((result.pool.ours,) if result.pool else result.main)]
    binds = result.shares is None or result.shares.binds  # else the numbers are those without
    stated = {
        "basis": history.basis if history.basis != "levels" else None,
        **money_options(money_of(result), result.years),
        "models": models if models != ["consensus"] else None,
        "since": history.first if "since" in left_out else None,
        "until": history.origin if left_out & {"until", "new basis"} else None,
        "prefer": history.prefer,
        "pool": result.pool.stated if result.pool else None,
        "as_of": history.as_of.isoformat() if history.as_of else None,
        **limits._asdict(),
        "like": [other.series.named for other in limits.like],
        "within": limits.within.series.named if limits.within and binds else None,
    }
    stated = {name: value for name, value in stated.items() if value not in (None, False, (), [], "")}
    return provenance(history, levels=list(result.levels), target=result.target, **stated, **more)


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series, levels = result.history.series, len(result.levels)
    if history:
        yield from table.actual_rows(series, (*result.history.observations, *result.later), levels)
        blank: tuple[Cell, ...] = (None,) * (2 * levels + 1)
        for figure in result.published:
            if figure.period.is_year:
                yield (series.id, figure.period.year, "published", figure.author, figure.value, *blank, series.unit)
    for model in (*result.main, *result.others):
        yield from table.path_rows(series, "forecast", model.model, result.years, model, result.history.last)


def course(result: Forecast, reached: Sequence[Chance] = (), *, whole: bool, published: bool) -> Table:
    """The last years, or the `whole` history and all levels, and the forecast, with what came and was published."""
    write = in_tables(result)
    answering = [model for model in result.main if model.answers]
    exact = [figure for figure in result.published if figure.period.is_year and figure.qualifier in "=~"]
    expected = {figure.period.year: figure.value for figure in sorted(exact, key=lambda figure: figure.dated)}
    paths = [[*table.steps(result.years, model)] for model in answering]
    known, rows = dict[int, float](), list[table.Row]()

    def observed(year: int, value: float, before: float | None, kind: str, sign: Sign = "observed") -> None:
        rows.append(table.Row(year, value, (), sign, (kind,), (table.shown_growth(before, value),)))

    for seen in result.history.observations:
        year = seen.period.year
        observed(year, seen.value, known.get(year - 1), "derived" if seen.derived else seen.status)
        known[year] = seen.value
    del rows[: 0 if whole else -ACTUALS]
    known |= {seen.period.year: seen.value for seen in result.later}
    for step, year in enumerate(result.years):
        chances = tuple(100 * chance.at_or_above[step] for chance in reached)
        for model, path in zip(answering, paths, strict=True):
            if step < len(path):
                _, value, ends = path[step]
                growth = table.shown_growth(path[step - 1][1] if step else result.history.last, value)
                name = "forecast" if len(answering) == 1 else model.model
                sign: Sign = "ours" if model.model == result.best.model else "other"
                tone: Tone = "strong" if year == result.target else "plain"
                rows.append(table.Row(year, value, ends, sign, (name,), (growth, *chances), tone))
        if published and year in expected:
            observed(year, expected[year], expected.get(year - 1, known.get(year - 1)), "published", "published")
        if year in known:
            observed(year, known[year], known.get(year - 1), "came")
    aims = (f"≥ {write._replace(places=None)(chance.target)}" for chance in reached)
    return table.ranged(
        rows,
        YEAR,
        table.value_column(write),
        result.levels,
        write,
        before=(Column("kind", ""),),
        behind=(table.growth_column(decimals=None), *(Column("chance", aim, "percent", 0) for aim in aims)),
        every=whole,
        title="History and forecast",
        most=whole_of(result.history),
    )


def other_models(result: Forecast, models: Iterable[ModelForecast]) -> str:
    """Write the answers of familiar models for the target year in a line."""
    write = in_tables(result)
    reaching = {model.model: model for model in models if len(model.values) == len(result.years)}
    names = {name: short_name(name) if name != "linear" else name for name in KNOWN if name in reaching}
    given = [f"{shown} {write(reaching[name].last)}" for name, shown in names.items()]
    return f"Other models, {result.target}: {', '.join(given)}" if given else ""


def _every_model(result: Forecast) -> Table:
    """Each with its weight in the consensus, or why it gives no forecast."""
    models = [model.through(len(result.years)) for model in result.others]
    models.sort(key=lambda model: (not model.answers, inf if model.weight is None else -model.weight))
    rows = []
    for model in models:
        weight = None if model.weight is None else 100 * model.weight
        opinion = "opinion" if model.model in registry.names("opinion") else ""
        value = model.last if model.answers else None
        ends = [model.ends(place) for place in range(len(result.levels))] if model.answers else ()
        why = model.message or opinion if model.answers else model.reason
        rows.append(table.Row(model.model, value, ends, "other", behind=(weight, why)))
    write, name = in_tables(result), Column("model", "Model")
    behind = Column("weight", "Weight", "percent", 0), Column("reason", "")
    value_of, title = table.value_column(write, "Value"), f"Other models for {result.target}"
    return table.ranged(rows, name, value_of, result.levels, write, behind=behind, title=title)


def estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened: for a bound if it was met."""
    known = {seen.period.year: seen.value for seen in (*result.history.observations, *result.later)}
    write, rows = in_tables(result), []
    for figure in (figure for figure in result.published if figure.period.is_year):
        year, verdict = figure.period.year, ""
        ours = known.get(year)
        if ours is not None and figure.qualifier in "<>":
            verdict = f"actual: {'met' if (ours >= figure.value) == (figure.qualifier == '>') else 'missed'}"
        elif ours is not None:
            off = f"actual: off by {percent(100 * (figure.value / ours - 1))}" if ours else "actual"
            verdict = "actual: exact" if figure.value == ours else off
        elif year in result.years:
            step = result.years.index(year)
            ours, sides = float(result.best.values[step]), (result.best.lower[:, step], result.best.upper[:, step])
            verdict = f"{'above' if figure.value > ours else 'below'} our {result.levels[-1]} % interval"
            for level, low, high in reversed([*zip(result.levels, *sides, strict=True)]):
                verdict = f"inside our {level} % interval" if low <= figure.value <= high else verdict
        author = f"{figure.author}{', a target' if figure.target else ''}"
        rows.append((year, published(figure, write), author, figure.dated, ours, verdict))
    said = Column("value", "Published"), Column("author", "By"), Column("dated", "Dated")
    columns = (YEAR, *said, table.value_column(write, "Ours or actual", "ours"), Column("verdict"))
    return Table(columns, tuple(rows), title="Published estimates")


def voices(result: Forecast, pool: Pool) -> Table:
    """The forecast of each voice for each year, ours with its range, and why."""
    write, place = in_tables(result), result.headline
    rows = []
    for year in pool.years:
        step = result.years.index(year)
        ends = " to ".join(write(float(side[place, step])) for side in (pool.ours.lower, pool.ours.upper))
        ours = f"{write(float(pool.ours.values[step]))} ({ends}, {result.levels[place]} %)"
        for who, share in pool.shares(year).items():
            figure = next((voice.forecasts.get(year) for voice in pool.voices if voice.who == who), None)
            said = (published(figure, write), figure.dated, figure.note) if figure else (ours, None, None)
            rows.append((year, who, said[0], 100 * share, *said[1:]))
    said_by = Column("who", "Voice"), Column("value", "Value"), Column("weight", "Weight", "percent", 0)
    columns = (YEAR, *said_by, Column("dated", "Dated"), Column("why", "Why"))
    return Table(columns, tuple(rows), "Voices of the pool")


def markets(result: Forecast) -> Iterator[Table]:
    """The leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        more = "Years for ten points" if whole_of(result.history) is not None else "Years to double"
        columns = Column("name", "Leading market"), Column("crossed", "At our level in", "year")
        leads = tuple((lead.name, round(lead.crossed), lead.years_to_more) for lead in result.leads)
        yield Table((*columns, Column("years_to_more", more, "number", 1)), leads, "Leading markets")
    if result.shares:
        parts_of = (YEAR, *(Column("share", head, "percent", 0) for head in ("Share", "80 % from", "to")))
        parts = (100 * part for part in (result.shares.value, result.shares.lower, result.shares.upper))
        rows = zip(result.years, *(part.tolist() for part in parts), strict=True)
        yield Table(parts_of, tuple(rows), title=f"Share of {result.shares.title}, as both forecasts imply")


def figures(result: Forecast) -> dict[str, Any]:
    """The pool and other markets for the json format; empty without them."""
    found: dict[str, Any] = {}
    if result.pool:
        found["pool"] = [
            {"who": voice.who, "weight": voice.weight, "by": voice.by, "spread": " and ".join(voice.spread)}
            for voice in result.pool.voices
        ]
    if result.leads:
        names = ("name", "crossed", "years_to_more")
        found["leaders"] = [{name: getattr(lead, name) for name in names} for lead in result.leads]
    if result.shares:
        shares = result.shares
        years = zip(result.years, *(part.tolist() for part in (shares.value, shares.lower, shares.upper)), strict=True)
        keys = ("period", "share", "lower_80", "upper_80")
        found["within"] = {
            "total": shares.total,
            "past": shares.past and list(shares.past),
            "shares": [dict(zip(keys, year, strict=True)) for year in years],
        }
    return found
