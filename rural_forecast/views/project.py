"""`project`: the rows of the contract, and for people a screen with the answer first; and the
answer of a forecast.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf, log10
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Sign, Table, Tone
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.forecasting.result import Forecast, ModelForecast, Pool, Shares
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.notes import ALWAYS, CAUTIONS, Note, of_code
from rural_forecast.series.money import Conversion
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, in_unit, percent, range_amounts, sparkline
from rural_forecast.text.style import LOG_FROM
from rural_forecast.text.wording import Headline, capital
from rural_forecast.views import about, table

LEVEL = 80  # of the interval of the year of reaching a target
_PARTS = {
    "median": 0.5,
    f"earliest_{LEVEL}": (1 - LEVEL / 100) / 2,
    f"latest_{LEVEL}": (1 + LEVEL / 100) / 2,
}
FAMILIAR = (
    "cagr",
    "linear",
    "arima",
    "ets",
)  # models that an analyst knows, named below the answer
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
    """The document of `project`, `brief` to fit a screen; with `targets` the rows are those of
    their chances.
    """
    series = result.history.series
    write = in_tables(result)
    levels = result.levels
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    said = [*(target_sentence(chance, write) for chance in reached), caution(result)]
    sections = [course(result, reached, whole=history or not brief, published=brief)]
    sections += [voices(result, result.pool)] if result.pool else []
    sections += [estimates(result)] if result.published and not brief else []
    sections += [_every_model(result)] if all_models else []
    rows = Table(table.row_columns(levels), tuple(_records(result, history)))
    if reached:
        known = (
            (each, zip(each.years, each.at_or_above, each.chances, strict=True)) for each in reached
        )
        rows = Table(
            TARGETS, tuple((series.id, each.target, *row) for each, years in known for row in years)
        )
    return about.documented(
        "project",
        heading(result, reached),
        rows,
        sections,
        result.notes,
        series,
        said=said,
        about=about.about(series, brief=brief),
        course=_sparkline(result),
        points=() if brief else points(result),
        brief="--explain" if brief else "",
        more=("--level 95", "--all-models") if levels == DEFAULT_LEVELS else ("--all-models",),
        figures=chances(result, reached) | figures(result),
        inputs=inputs_of(result),
        provenance=made_by(result),
    )


def inputs_of(result: Forecast) -> Table:
    """The values used, those of other markets that it rests on, and what others expect where that
    is pooled.
    """
    expected = [
        seen
        for seen in result.history.series.observations
        if result.pool and seen.status == "forecast"
    ]
    markets = filter(None, (*result.limits.like, result.limits.within))
    return about.inputs(
        about.used(result.history, *expected),
        *map(about.used, markets),
        *about.given(*money_of(result)),
    )


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
    history = result.history
    limits = result.limits
    left_out = {unused.why for unused in history.left_out}
    models = [model.model for model in ((result.pool.ours,) if result.pool else result.main)]
    binds = result.shares is None or result.shares.binds  # else the numbers are those without
    stated = {
        "basis": history.basis if history.basis != "levels" else None,
        **about.money_options(money_of(result), result.years),
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
    stated = {
        name: value for name, value in stated.items() if value not in (None, False, (), [], "")
    }
    return about.provenance(
        history, levels=list(result.levels), target=result.target, **stated, **more
    )


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series = result.history.series
    levels = len(result.levels)
    if history:
        yield from table.actual_rows(series, (*result.history.observations, *result.later), levels)
        blank: tuple[Cell, ...] = (None,) * (2 * levels + 1)
        for figure in result.published:
            if figure.period.is_year:
                yield (
                    series.id,
                    figure.period.year,
                    "published",
                    figure.author,
                    figure.value,
                    *blank,
                    series.unit,
                )
    for model in (*result.main, *result.others):
        yield from table.path_rows(
            series, "forecast", model.model, result.years, model, result.history.last
        )


def course(
    result: Forecast, reached: Sequence[Chance] = (), *, whole: bool, published: bool
) -> Table:
    """The last years, or the `whole` history and all levels, and the forecast, with what came and
    was published.
    """
    write = in_tables(result)
    answering = [model for model in result.main if model.answers]
    exact = [
        figure for figure in result.published if figure.period.is_year and figure.qualifier in "=~"
    ]
    expected = {
        figure.period.year: figure.value
        for figure in sorted(exact, key=lambda figure: figure.dated)
    }
    paths = [[*table.steps(result.years, model)] for model in answering]
    known = dict[int, float]()
    rows = list[table.Row]()

    def observed(
        year: int, value: float, before: float | None, kind: str, sign: Sign = "observed"
    ) -> None:
        rows.append(table.Row(year, value, (), sign, (kind,), (table.shown_growth(before, value),)))

    for seen in result.history.observations:
        year = seen.period.year
        observed(year, seen.value, known.get(year - 1), "derived" if seen.derived else seen.status)
        known[year] = seen.value
    del rows[: 0 if whole else -ACTUALS]
    known |= {seen.period.year: seen.value for seen in result.later}
    for step, year in enumerate(result.years):
        chances = tuple(chance.at_or_above[step] for chance in reached)
        for model, path in zip(answering, paths, strict=True):
            if step < len(path):
                _, value, ends = path[step]
                growth = table.shown_growth(
                    path[step - 1][1] if step else result.history.last, value
                )
                name = "forecast" if len(answering) == 1 else model.model
                sign: Sign = "ours" if model.model == result.best.model else "other"
                tone: Tone = "strong" if year == result.target else "plain"
                rows.append(table.Row(year, value, ends, sign, (name,), (growth, *chances), tone))
        if published and year in expected:
            observed(
                year,
                expected[year],
                expected.get(year - 1, known.get(year - 1)),
                "published",
                "published",
            )
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
        behind=(
            table.growth_column(decimals=None),
            *(table.share_column("chance", aim) for aim in aims),
        ),
        every=whole,
        title="History and forecast",
        most=whole_of_rate(result.history),
    )


def other_models(result: Forecast, models: Iterable[ModelForecast]) -> str:
    """Write the answers of familiar models for the target year in a line."""
    write = in_tables(result)
    reaching = {model.model: model for model in models if len(model.values) == len(result.years)}
    names = {
        name: about.short_name(name) if name != "linear" else name
        for name in FAMILIAR
        if name in reaching
    }
    given = [f"{shown} {write(reaching[name].last)}" for name, shown in names.items()]
    return f"Other models, {result.target}: {', '.join(given)}" if given else ""


def _every_model(result: Forecast) -> Table:
    """Each with its weight in the consensus, or why it gives no forecast."""
    models = [model.through(len(result.years)) for model in result.others]
    models.sort(
        key=lambda model: (not model.answers, inf if model.weight is None else -model.weight)
    )
    rows = []
    opinions = registry.names("opinion")
    for model in models:
        value = None
        ends = list[tuple[float, float]]()
        why = model.reason
        if model.answers:
            value = model.last
            ends = [model.ends(place) for place in range(len(result.levels))]
            why = model.message or ("opinion" if model.model in opinions else "")
        rows.append(table.Row(model.model, value, ends, "other", behind=(model.weight, why)))
    write = in_tables(result)
    name = Column("model", "Model")
    behind = table.share_column("weight", "Weight"), Column("reason", "")
    value_of = table.value_column(write, "Value")
    title = f"Other models for {result.target}"
    return table.ranged(rows, name, value_of, result.levels, write, behind=behind, title=title)


def estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened: for a bound if it
    was met.
    """
    known = {seen.period.year: seen.value for seen in (*result.history.observations, *result.later)}
    write = in_tables(result)
    rows = []
    for figure in (figure for figure in result.published if figure.period.is_year):
        year = figure.period.year
        verdict = ""
        ours = known.get(year)
        if ours is not None and figure.qualifier in "<>":
            verdict = f"actual: {'met' if (ours >= figure.value) == (figure.qualifier == '>') else 'missed'}"
        elif ours is not None:
            off = f"actual: off by {percent(100 * (figure.value / ours - 1))}" if ours else "actual"
            verdict = "actual: exact" if figure.value == ours else off
        elif year in result.years:
            step = result.years.index(year)
            ours = float(result.best.values[step])
            sides = (result.best.lower[:, step], result.best.upper[:, step])
            verdict = (
                f"{'above' if figure.value > ours else 'below'} our {result.levels[-1]} % interval"
            )
            for level, low, high in reversed([*zip(result.levels, *sides, strict=True)]):
                verdict = (
                    f"inside our {level} % interval" if low <= figure.value <= high else verdict
                )
        author = f"{figure.author}{', a target' if figure.target else ''}"
        rows.append((year, about.published(figure, write), author, figure.dated, ours, verdict))
    said = Column("value", "Published"), Column("author", "By"), Column("dated", "Dated")
    columns = (YEAR, *said, table.value_column(write, "Ours or actual", "ours"), Column("verdict"))
    return Table(columns, tuple(rows), title="Published estimates")


def voices(result: Forecast, pool: Pool) -> Table:
    """The forecast of each voice for each year, ours with its range, and why."""
    write = in_tables(result)
    place = result.headline
    rows = []
    for year in pool.years:
        step = result.years.index(year)
        ends = " to ".join(
            write(float(side[place, step])) for side in (pool.ours.lower, pool.ours.upper)
        )
        ours = f"{write(float(pool.ours.values[step]))} ({ends}, {result.levels[place]} %)"
        for who, share in pool.shares(year).items():
            figure = next(
                (voice.forecasts.get(year) for voice in pool.voices if voice.who == who), None
            )
            said = (
                (about.published(figure, write), figure.dated, figure.note)
                if figure
                else (ours, None, None)
            )
            rows.append((year, who, said[0], share, *said[1:]))
    said_by = (
        Column("who", "Voice"),
        Column("value", "Value"),
        table.share_column("weight", "Weight"),
    )
    columns = (YEAR, *said_by, Column("dated", "Dated"), Column("why", "Why"))
    return Table(columns, tuple(rows), "Voices of the pool")


def markets(result: Forecast) -> Iterator[Table]:
    """The leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        more = (
            "Years for ten points"
            if whole_of_rate(result.history) is not None
            else "Years to double"
        )
        name = Column("name", "Leading market")
        crossed = Column("crossed", "At our level in", "year")
        leads = tuple((lead.name, round(lead.crossed), lead.years_to_more) for lead in result.leads)
        yield Table(
            (name, crossed, Column("years_to_more", more, "number", 1)), leads, "Leading markets"
        )
    if result.shares:
        columns = (
            YEAR,
            *(table.share_column("share", head) for head in ("Share", "80 % from", "to")),
        )
        yield Table(
            columns,
            (*_shares(result.years, result.shares),),
            f"Share of {result.shares.title}, as both forecasts imply",
        )


def _shares(years: Sequence[int], shares: Shares) -> Iterator[tuple[float, ...]]:
    """The share of each year, and its bounds."""
    yield from zip(
        years, *(part.tolist() for part in (shares.value, shares.lower, shares.upper)), strict=True
    )


def figures(result: Forecast) -> dict[str, Any]:
    """The pool and other markets for the json format; empty without them."""
    found: dict[str, Any] = {}
    if result.pool:
        found["pool"] = [
            {
                "who": voice.who,
                "weight": voice.weight,
                "by": voice.by,
                "spread": " and ".join(voice.spread),
            }
            for voice in result.pool.voices
        ]
    if result.leads:
        names = ("name", "crossed", "years_to_more")
        found["leaders"] = [{name: getattr(lead, name) for name in names} for lead in result.leads]
    if shares := result.shares:
        keys = ("period", "share", "lower_80", "upper_80")
        years = [dict(zip(keys, year, strict=True)) for year in _shares(result.years, shares)]
        found["within"] = {
            "total": shares.total,
            "past": shares.past and list(shares.past),
            "shares": years,
        }
    return found


def in_sentences(result: Forecast) -> Amounts:
    """How the value of the target year and its range are written in a sentence."""
    return range_amounts(
        result.history.series.unit, result.best.last, *result.best.ends(result.headline)
    )


def in_tables(result: Forecast) -> Amounts:
    """How a column of forecasts is written: by the first one and its range."""
    best = result.best
    place = result.headline
    first = float(best.values[0]), float(best.lower[place, 0]), float(best.upper[place, 0])
    largest = max(abs(result.history.last), float(abs(best.values).max()))
    return range_amounts(result.history.series.unit, *first, largest=largest)


def heading(
    result: Forecast, reached: Sequence[Chance] = (), write: Amounts | None = None
) -> Headline:
    """The headline: the target year, or the chance of a target, and how sure it is; pictures
    `write` by themselves.
    """
    write = write or in_sentences(result)
    best = result.best
    title = about.title_of(result.history.series)
    level = result.levels[result.headline]
    ends = best.ends(result.headline)
    names = {"pool": "the pool"} | {each.name: each.title for each in registry.MODELS}
    by = "" if best.model == "consensus" else f"{capital(names.get(best.model, best.model))}: "
    if reached:
        amount = f"{write._replace(places=None).observed(reached[0].target)}{in_unit(write.unit)}"
        claim = f"{share(reached[0].at_or_above[-1])} chance of {amount} in {result.target}"
        sure = f", {words.odds(level, *(write(end) for end in ends))}" if ends[1] > ends[0] else ""
        return words.headline(title, claim, f"{by}About {write.full(best.last)}{sure}.")
    head = words.about(title, result.target, best.last, level, ends, write)
    return (
        head._replace(range=f"{by}{head.range[0].lower()}{head.range[1:]}")
        if by and head.range
        else head
    )


def share(chance: float) -> str:
    """A chance in whole percents."""
    if chance < 0.01:
        return "less than 1 %"
    return percent(100 * chance, ".0f") if chance <= 0.99 else "more than 99 %"


def target_sentence(chance: Chance, write: Amounts) -> str:
    """The chance of having reached a target by the last year, and the year in which it is reached."""
    amount = write._replace(places=None).full(chance.target)
    last = chance.years[-1]
    if chance.reached is not None:
        return f"{capital(amount)} was first reached in {chance.reached}."
    event = "having fallen to" if chance.falls else "having reached"
    median, early, late = (chance.year(part) or f"after {last}" for part in _PARTS.values())
    when = f"{LEVEL} % interval {early} to {late}, median {median}"
    return f"Chance of {event} {amount} by {last}: {share(chance.chances[-1])} ({when})."


def chances(result: Forecast, reached: Sequence[Chance]) -> dict[str, Any]:
    """Compound growth and targets for the json format."""
    figures: dict[str, Any] = {}
    if rate := result.cagr:
        figures["cagr_pct"] = {"from": result.origin, "to": result.target, "value": rate.value}
        for index, level in enumerate(result.levels):
            figures["cagr_pct"] |= {
                f"lower_{level}": rate.lower[index],
                f"upper_{level}": rate.upper[index],
            }
    if reached:
        figures["targets"] = [
            {"target": chance.target, "reached": chance.reached}
            | {name: None if chance.reached else chance.year(part) for name, part in _PARTS.items()}
            | {"last_year": chance.years[-1]}
            for chance in reached
        ]
    return figures


def caution(result: Forecast) -> str:
    """Where the record on similar series is worse than that of the last value; empty elsewhere."""
    record = corpus_record(result.history.values, "consensus", len(result.years))
    if record is None or result.best.model != "consensus" or record.smape <= record.naive_smape:
        return ""
    return (
        f"Caution: on series like this such forecasts have been further off than the last value, by "
        f"{record.smape:.1f} % on average against {record.naive_smape:.1f} %."
    )


def points(result: Forecast, say: Callable[[Note], str] = str) -> tuple[str, ...]:
    """Compound growth, how the forecast was chosen, then what to be careful about; `say` words a
    note.
    """
    said = tuple(map(say, (*of_code(result.notes, "pooled", "not_pooled"), *cautions(result))))
    if rate := result.cagr:
        low = percent(rate.lower[result.headline])
        high = percent(rate.upper[result.headline])
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        return (f"{span} ({result.levels[result.headline]} %: {low} to {high}).", *said)
    return said


def cautions(result: Forecast) -> list[Note]:
    """All warnings; without any, the gravest of what else is known."""
    notes = [note for note in result.notes if note.warning or note.code in CAUTIONS + ALWAYS]
    return (
        notes
        or [note for note in about.remarks(result.notes) if note.code in about.GRAVEST_FIRST][:1]
    )
