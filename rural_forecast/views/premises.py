"""The premises of a forecast beyond its own past, in sentences for the first lines of a page.

Markets that it follows, a whole, stated limits, a subject and the weights of others: a page that
does not name them claims that past values alone give its numbers.
"""

from collections.abc import Iterator, Sequence

from rural_forecast.forecasting.leaders import weights
from rural_forecast.forecasting.result import OURS, Forecast, Pool
from rural_forecast.text.numbers import Amounts, in_unit
from rural_forecast.text.wording import listed, short, shortened, spans
from rural_forecast.views.names import title_of

_MOST_LISTED = 3  # names in a sentence


def of_forecast(result: Forecast, write: Amounts) -> Iterator[str]:
    """Say what moved a forecast, a sentence each."""
    yield from stated(result, write)
    if result.subject:
        how = "judged by its title" if result.subject.is_read else "as stated"
        without = write.full(result.subject.without.last)
        yield f"Forecast as {result.subject.words}, {how}; without that, {without}."


def stated(result: Forecast, write: Amounts) -> Iterator[str]:
    """Say which markets, figures of others and limits moved a forecast."""
    yield from of_leaders(result)
    if result.pool:
        yield _of_pool(result.pool, result.target)
    yield from _of_limits(result, write)


def of_several(results: Sequence[Forecast], names: Sequence[str]) -> Iterator[str]:
    """Say what moved some of several forecasts, a sentence for each kind of premise."""
    by_premise: dict[str, list[str]] = {}
    for result, name in zip(results, names, strict=True):
        for premise in _in_short(result):
            by_premise.setdefault(premise, []).append(name)
    for premise, moved in by_premise.items():
        who = "All" if len(moved) == len(results) > 1 else shortened(moved, _MOST_LISTED)
        yield f"{who}: {premise}."


def _in_short(result: Forecast) -> Iterator[str]:
    """Name what moved one of several forecasts, without its size."""
    if result.leads:
        yield f"after {_led_by(result)}"
    if result.pool:
        yield "averaged with figures of others"
    if result.limits.ceiling or result.limits.floor is not None:
        yield "with a stated limit"
    if result.limits.cumulative:
        yield "as a running total"
    if is_held(result):
        yield f"never above {_whole(result)}"
    if result.subject:
        yield f"forecast as {result.subject.words}"


def is_held(result: Forecast) -> bool:
    """Return True if the whole that a forecast is a part of changes its numbers."""
    return bool(result.shares and result.shares.binds and result.limits.within)


def _whole(result: Forecast) -> str:
    """Name the whole that a forecast is a part of."""
    return short(result.shares.title) if result.shares else ""


def _led_by(result: Forecast) -> str:
    """Name the markets that a forecast follows."""
    titles = {market.series.id: title_of(market.series) for market in result.limits.like}
    return shortened([short(titles[lead.name]) for lead in result.leads], _MOST_LISTED)


def of_leaders(result: Forecast, lead: str = "", whole: str = "the answer") -> Iterator[str]:
    """Say which markets a forecast follows, since when they are ahead, and how much they count.

    `lead` opens the sentence; `whole` names what their growth is a share of.
    """
    if not result.leads:
        return
    share = weights(len(result.leads), len(result.years))[-1]
    years = listed(dict.fromkeys(f"{one.crossed:.0f}" for one in result.leads))
    yield (
        f"{lead}{_led_by(result)} passed this level in {years}; "
        f"growth since then makes {100 * share:.0f} % of {whole} for {result.target}."
    )


def _of_pool(pool: Pool, year: int) -> str:
    """Say whose figures are averaged with ours, and by which weights."""
    shares = []
    if year not in pool.years:
        return f"Averaged with figures of others in {spans(pool.years)}."
    for who, share in pool.shares(year).items():
        name = "our forecast" if who == OURS else who
        shares.append(f"{name} {100 * share:.0f} %")
    stated = ", by stated weights" if pool.stated else ""
    return f"Average of {listed(shares)}{stated}."


def _of_limits(result: Forecast, write: Amounts) -> Iterator[str]:
    """Say which limits somebody stated, in the unit that amounts are written in."""
    limits = result.limits
    unit = in_unit(write.unit)
    if limits.ceiling:
        low, high = limits.ceiling
        ends = f"of {write.given(low)} to" if low < high else "of"
        yield f"Assumes a ceiling {ends} {write.given(high)}{unit}."
    if limits.floor is not None:
        yield f"Assumes a floor of {write.given(limits.floor)}{unit}."
    if limits.cumulative:
        yield "Read as a running total, which never falls."
    if is_held(result):
        yield f"Never above {_whole(result)}, by its own forecast."
