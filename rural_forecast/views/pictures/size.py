"""`size` as a picture: ranges, a tornado of its drivers and a waterfall on one axis, around the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.sizing.effects import bridge, swings
from rural_forecast.sizing.montecarlo import Estimate
from rural_forecast.sizing.size import Sizing
from rural_forecast.text.headline import short
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital
from rural_forecast.views.size import heading

MOST = 8
"""Drivers shown; further ones move the size less."""


def picture(result: Sizing) -> Picture:
    """The main stage of the last year, beside what was observed and the trend; its drivers; what each factor adds.

    Raises UsageError if no driver is uncertain, or the formula divides by zero at the medians, so there is nothing to
    compare.
    """
    middle, bars = swings(result)
    if not bars:
        raise UsageError("No driver of this sizing is uncertain.", "Give at least one as a range, such as 10..20.")
    if not isfinite(middle):
        raise UsageError(
            "The formula gives no finite number with every driver at its median, so there is nothing to compare.",
            "Give the drivers other ranges.",
        )
    year, place = result.years[-1], result.headline
    size, comparison, level = result.main.estimates[-1], result.comparison, result.levels[place]
    low, high = size.lower[place], size.upper[place]
    last = comparison.last if comparison else size.value
    write = digits(result.main.unit, last, size.value, (low, high))
    rows = [*_ranges(result, write)]
    rows += [
        Row(
            capital(_human(swing.driver)),
            bar=(swing.low, swing.high),
            ends=(write(min(swing.low, swing.high)), write(max(swing.low, swing.high))),
            group="" if rank else "One driver alone, from low to high",
        )
        for rank, swing in enumerate(bars[:MOST])
    ]
    rows += _waterfall(result, write)
    name = short(_human(result.main.title or result.model.table.title or result.main.name))
    head = heading(result, write)
    title, subtitle = head.text, head.subtitle
    most = capital(_human(bars[0].driver))
    more = f"{len(bars) - MOST} drivers that move it less are not drawn" if len(bars) > MOST else ""
    about = ". ".join(filter(None, (result.model.table.title if name not in result.model.table.title else "", more)))
    return Picture(
        plot=Ranges(tuple(rows), (str(year) if not comparison else "", f"{level} % range"), middle),
        title=title,
        subtitle=subtitle,
        about=about,
        unit=write.unit,
        amounts=write,
        source=_source(result),
        alternative=f"Ranges and drivers of {name}. {title}. {subtitle}. {most} moves it most.",
    )


def _ranges(result: Sizing, write: Digits) -> Iterator[Row]:
    """Rows for the observed value, the drivers of that year or the first one, the trend, and the answer last."""
    comparison, years = result.comparison, result.years
    if comparison:
        yield Row(f"Observed, {comparison.origin}", comparison.last, texts=(write.seen(comparison.last), ""), dot=True)
    first = years.index(comparison.origin) if comparison and comparison.origin in years else 0
    if first < len(years) - 1:
        yield _row(f"Drivers, {years[first]}", result.main.estimates[first], result, write)
    if comparison:
        yield _row(f"Trend, {years[-1]}", comparison.top_down[-1], result, write)
    yield _row(f"Drivers, {years[-1]}", result.main.estimates[-1], result, write, answer=True)


def _row(name: str, estimate: Estimate, result: Sizing, write: Digits, *, answer: bool = False) -> Row:
    low, high = estimate.lower[result.headline], estimate.upper[result.headline]
    bounds = tuple(zip(result.levels, estimate.lower, estimate.upper, strict=True)) if high > low else ()
    span = f"{write(low)} to {write(high)}" if bounds else ""
    return Row(name, estimate.value, bounds, (write(estimate.value), span), MAIN if answer else PLAIN, strong=answer)


def _waterfall(result: Sizing, write: Digits) -> Iterator[Row]:
    """From the first year to the last: a step a factor, from where the one before it ends."""
    found = bridge(result, result.main)
    if not found:
        return
    first, last = result.years[0], result.years[-1]
    fine = write._replace(step=write.step / 10)
    at = found.before
    group = f"What each factor adds, {first} to {last}"
    yield Row(str(first), bar=(0.0, at), ends=("", fine(at)), joins=at, strong=True, group=group)
    for effect in found.effects:
        end = at + effect.effect
        sign = "+" if effect.effect >= 0 else "−"
        text = f"{sign}{fine(abs(effect.effect))}"
        sides = ("", text) if effect.effect >= 0 else (text, "")
        yield Row(_factor(effect.factor), bar=(at, end), ends=sides, joins=end)
        at = end
    yield Row(str(last), bar=(0.0, found.after), ends=("", fine(found.after)), tone=MAIN, strong=True)


def _source(result: Sizing) -> str:
    publishers = list(
        dict.fromkeys(driver.series.publisher for driver in result.model.series if driver.series.publisher)
    )
    named = f"{'Source' if len(publishers) == 1 else 'Sources'}: {'; '.join(publishers)}. " if publishers else ""
    return f"{named}Sizing: rural-forecast"


def _factor(text: str) -> str:
    """A factor of a formula in words."""
    if smaller := re.fullmatch(r"min\((\w+), (\w+)\)", text):
        return capital(f"{_human(smaller[1])}, at most {_human(smaller[2])}")
    return capital(_human(text))


def _human(name: str) -> str:
    return name.replace("_", " ")
