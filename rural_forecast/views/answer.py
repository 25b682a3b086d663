"""The answer of a forecast: its headline, chances of targets, and what to be careful about."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import ALWAYS, CAUTIONS, Note, of_code
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, percent, range_amounts
from rural_forecast.text.wording import Headline, capital
from rural_forecast.views.about import GRAVEST_FIRST, title_of

LEVEL = 80  # of the interval of the year of reaching a target
_PARTS = {"median": 0.5, f"earliest_{LEVEL}": (1 - LEVEL / 100) / 2, f"latest_{LEVEL}": (1 + LEVEL / 100) / 2}
_SHORT = {"cagr": "CAGR", "arima": "ARIMA", "ets": "ETS", "dot": "DOT"}


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


def heading(result: Forecast, reached: Sequence[Chance] = (), write: Amounts | None = None) -> Headline:
    """The headline: the target year, or the chance of a target, and how sure it is; pictures `write` by themselves."""
    write, best, title = write or in_sentences(result), result.best, title_of(result.history.series)
    level, ends = result.levels[result.headline], best.ends(result.headline)
    names = {"pool": "the pool"} | {each.name: each.title for each in registry.MODELS}
    by = "" if best.model == "consensus" else f"{capital(names.get(best.model, best.model))}: "
    if reached:
        amount = f"{write._replace(places=None).seen(reached[0].target)} {write.shown_unit}".rstrip()
        claim = f"{share(reached[0].at_or_above[-1])} chance of {amount} in {result.target}"
        sure = f", {words.odds(level, *(write(end) for end in ends))}" if ends[1] > ends[0] else ""
        return words.headline(title, claim, f"{by}About {write.full(best.last)}{sure}.")
    head = words.about(title, result.target, best.last, level, ends, write)
    return head._replace(range=f"{by}{head.range[0].lower()}{head.range[1:]}") if by and head.range else head


def share(chance: float) -> str:
    """A chance in whole percents."""
    if chance < 0.01:
        return "less than 1 %"
    return percent(100 * chance, ".0f") if chance <= 0.99 else "more than 99 %"


def target_sentence(chance: Chance, write: Amounts) -> str:
    """The chance of having reached a target by the last year, and the year in which it is reached."""
    amount, last = write._replace(places=None).full(chance.target), chance.years[-1]
    if chance.reached is not None:
        return f"{capital(amount)} was first reached in {chance.reached}."
    event = "having fallen to" if chance.falls else "having reached"
    median, early, late = (chance.year(part) or f"after {last}" for part in _PARTS.values())
    when = f"{LEVEL} % interval {early} to {late}, median {median}"
    return f"Chance of {event} {amount} by {last}: {share(chance.chances[-1])} ({when})."


def figures(result: Forecast, chances: Sequence[Chance]) -> dict[str, Any]:
    """Compound growth and targets for the json format."""
    figures: dict[str, Any] = {}
    if rate := result.cagr:
        figures["cagr_pct"] = {"from": result.origin, "to": result.target, "value": rate.value}
        for index, level in enumerate(result.levels):
            figures["cagr_pct"] |= {f"lower_{level}": rate.lower[index], f"upper_{level}": rate.upper[index]}
    if chances:
        figures["targets"] = [
            {"target": chance.target, "reached": chance.reached}
            | {name: None if chance.reached else chance.year(part) for name, part in _PARTS.items()}
            | {"last_year": chance.years[-1]}
            for chance in chances
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


def annual(first: float, last: float, years: int) -> float | None:
    """Compound growth a year in percent; None where it has no meaning."""
    return 100 * ((last / first) ** (1 / years) - 1) if years > 0 and first > 0 < last else None


def points(result: Forecast, say: Callable[[Note], str] = str) -> tuple[str, ...]:
    """Compound growth, how the forecast was chosen, then what to be careful about; `say` words a note."""
    notes = (*of_code(result.notes, "pooled", "not_pooled"), *cautions(result))
    said = tuple(map(say, notes))
    if rate := result.cagr:
        low, high = percent(rate.lower[result.headline]), percent(rate.upper[result.headline])
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        return (f"{span} ({result.levels[result.headline]} %: {low} to {high}).", *said)
    return said


def cautions(result: Forecast) -> Iterator[Note]:
    """All warnings; without any, the gravest of what else is known."""
    notes = [note for note in result.notes if note.warning or note.code in CAUTIONS + ALWAYS]
    if notes:
        yield from notes
    elif notes := [note for note in result.notes if note.code in GRAVEST_FIRST]:
        yield min(notes, key=lambda note: GRAVEST_FIRST.index(note.code))
