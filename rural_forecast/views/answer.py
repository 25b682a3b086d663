"""The answer of a forecast: its headline, what drives it, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, Chance
from rural_forecast.forecasting.evidence import Next, corpus_record, series_like
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.text.headline import Headline, Writer, chances, headline, odds
from rural_forecast.text.numbers import Amounts, percent, range_amounts
from rural_forecast.text.wording import capital, counted
from rural_forecast.views.about import title_of
from rural_forecast.views.notes import GRAVEST_FIRST, STRESS, sentence

RECENT = 10
"""Years of history that growth is taken over."""
_SHORT = {"cagr": "CAGR", "arima": "ARIMA", "ets": "ETS", "dot": "DOT"}
MOST_DRIVERS = 2
CLAIMED = 80
"""Level of the range that past growth must lie outside of for a change to be named."""
TINY = 1e-300
"""In place of a bound of zero, which growth has no meaning to."""


def name_of(model: str) -> str:
    """The name of a model in sentences."""
    known = {"consensus": "consensus", "pool": "the pool"} | {each.name: each.title for each in registry.MODELS}
    return known.get(model, model)  # one of a person's own


def short_name(model: str) -> str:
    """The name of a model in a narrow table."""
    return _SHORT.get(model, model.replace("_", " ").capitalize())


def in_sentences(result: Forecast) -> Amounts:
    """How the value of the target year and its range are written in a sentence."""
    return range_amounts(result.history.series.unit, result.best.last, *result.best.ends(result.headline))


def in_tables(result: Forecast) -> Amounts:
    """How a column of forecasts is written: by the first one and its range."""
    best, place = result.best, result.headline
    first = float(best.values[0]), float(best.lower[place, 0]), float(best.upper[place, 0])
    largest = max(abs(result.history.last), float(abs(best.values).max()))
    return range_amounts(result.history.series.unit, *first, largest=largest)


def heading(result: Forecast, reached: Sequence[Chance] = (), write: Writer | None = None) -> Headline:
    """The headline: the target year, or the chance of a target, and how sure it is.

    `write`: writes its amounts, in a picture in a unit of its own.
    """
    write, best, place = write or in_sentences(result), result.best, result.headline
    title, level, (low, high) = title_of(result.history.series), result.levels[result.headline], best.ends(place)
    by = "" if best.model == "consensus" else f"{capital(name_of(best.model))}: "
    if reached:
        first = reached[0]
        amount = f"{write.seen(first.target)} {write.shown_unit}".rstrip()
        claim = f"{share(first.at_or_above[-1])} chance of {amount} in {result.target}"
        range_ = f", {odds(level, write(low), write(high))}" if high > low else ""
        return headline(title, claim, f"{by}About {write.full(best.last)}{range_}.")
    likely = f"{by}{chances(level, write(low), write.full(high))}." if high > low else ""
    if by and likely:
        likely = f"{by}{likely[len(by)].lower()}{likely[len(by) + 1 :]}"
    return headline(title, f"about {write.full(best.last)} in {result.target}", likely)


def share(chance: float) -> str:
    """A chance in whole percents."""
    if chance < 0.01:
        return "less than 1 %"
    return percent(100 * chance, ".0f") if chance <= 0.99 else "more than 99 %"


def caution(result: Forecast) -> str:
    """Where the record on similar series is worse than that of the last value; empty elsewhere."""
    record = corpus_record(result.history.values, "consensus", len(result.years))
    if record is None or result.best.model != "consensus" or record.smape <= record.naive_smape:
        return ""
    return (
        f"Caution: on series like this such forecasts have been further off than the last value, by "
        f"{record.smape:.1f} % on average against {record.naive_smape:.1f} %."
    )


def simpler(result: Forecast) -> str:
    """The simple method that has been closer so far, if there is one."""
    return " ".join(map(str, of_code(result.notes, SIMPLER)))


def annual(first: float, last: float, years: int) -> float | None:
    """Compound growth a year in percent; None where it has no meaning."""
    return 100 * ((last / first) ** (1 / years) - 1) if years > 0 and first > 0 < last else None


def change(result: Forecast) -> str:
    """How growth changes, against as many years of the past; empty where the 80 % range of growth holds theirs.

    The last year agrees as well: growth does not slow to 3 % after a fall. It turns only where the range does.
    """
    history, years = result.history, len(result.years)
    known = dict(zip(history.years, history.values.tolist(), strict=True))
    first, last = history.origin - years, history.last
    if first not in known or history.origin - 1 not in known or history.series.measure == "rate":
        return ""
    low, high = result.wide.ends(SPREAD_LEVELS.index(CLAIMED))
    was, latest = annual(known[first], last, years), annual(known[history.origin - 1], last, 1)
    ahead, least, most = (annual(last, end, years) for end in (result.best.last, max(low, TINY), high))
    if was is None or latest is None or ahead is None or least is None or most is None or least <= was <= most:
        return ""
    faster = ahead > was
    if faster != (ahead > latest):
        return ""
    if was > 0 < ahead:
        verb = f"Growth {'quickens' if faster else 'slows'}"
    elif was < 0 > ahead:
        verb = f"The decline {'slows' if faster else 'steepens'}"
    elif (least > 0) if faster else (most < 0):
        verb = f"{'Decline' if faster else 'Growth'} turns into {'growth' if faster else 'decline'}"
    else:
        return ""
    past = f"{percent(was)} a year from {first} to {history.origin}"
    return f"{verb}: {past}, {percent(ahead)} a year to {result.target}."


def points(result: Forecast) -> tuple[str, ...]:
    """The first things that drive the answer, then what to be careful about."""
    chosen = (str(note) for note in of_code(result.notes, "pooled", "not_pooled", "of_kind"))
    return (*chosen, *list(_drivers(result))[:MOST_DRIVERS], *_cautions(result))


def risks(result: Forecast) -> tuple[str, ...]:
    """Risks of the forecast, the gravest first."""
    members = _members(result) if result.best.model == "consensus" else ()
    return (*_cautions(result), *members)


def step_fits(result: Forecast, step: Next) -> bool:
    """True if a series could grow as fast as similar ones did: a share near its bound cannot."""
    most = whole(result.history)
    fastest = 1 + (step.growth_pct or (0.0,))[-1] / 100
    return most is None or result.history.last * fastest**step.horizon <= most


def _drivers(result: Forecast) -> Iterator[str]:
    history = result.history
    like = series_like(history.values, len(result.years))
    step = like.furthest if like else None
    if step and (shares := step.growth_pct) and step_fits(result, step):
        low, high = percent(shares[1]), percent(shares[3])
        ahead = counted(step.horizon, "year")
        yield f"Half of {step.series:,} similar series grew {low} to {high} a year over {ahead}."
    if result.best.model == "consensus":
        yield from _members(result)
    if len(history.years) > 2 and history.series.measure != "rate":
        first = max(-len(history.years), -RECENT)
        before, now = history.values[-2:].tolist()
        last = annual(before, now, 1)
        mean = annual(float(history.values[first]), now, result.origin - history.years[first])
        if last is not None and mean is not None:
            yield f"Growth was {percent(last)} in {result.origin}, {percent(mean)} a year since {history.years[first]}."


def _members(result: Forecast) -> Iterator[str]:
    """Which members lie furthest apart."""
    whole = (member for member in result.others if len(member.values) == len(result.years))
    members = [member for member in whole if (member.weight or 0) >= 0.005]
    if len(members) < 2:
        return
    write = in_sentences(result)
    low, high = (pick(members, key=lambda member: member.last) for pick in (min, max))
    if write(low.last) == write(high.last):
        return
    ends = (
        f"{write(member.last)} ({short_name(member.model)}, {100 * (member.weight or 0):.0f} %)"
        for member in (low, high)
    )
    yield f"Members disagree: {' to '.join(ends)}."


def _cautions(result: Forecast) -> Iterator[str]:
    """All warnings; without any, the gravest of what else is known."""
    notes = [note for note in result.notes if note.warning or note.code in STRESS]
    if notes:
        yield from map(sentence, notes)
        return
    if notes := [note for note in result.notes if note.code in GRAVEST_FIRST]:
        yield sentence(min(notes, key=lambda note: GRAVEST_FIRST.index(note.code)))
