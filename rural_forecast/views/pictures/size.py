"""`size` as a picture: how the size is distributed, and a tornado of its drivers, the one that moves it most on top."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from rural_forecast.document.picture import MAIN, Bar, Columns, Panels, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.sizing.effects import bridge, swings
from rural_forecast.sizing.montecarlo import Histogram
from rural_forecast.sizing.size import Sizing
from rural_forecast.text.numbers import Amounts, amounts
from rural_forecast.text.wording import capital
from rural_forecast.views.answer import between
from rural_forecast.views.size import below_observed

MOST = 15
"""Drivers shown; further ones move the size less."""
LOW = 2
"""Tone of what the lower end of a driver gives."""


def picture(result: Sizing) -> Picture:
    """The main stage of the last year: its draws, and each driver from one end of its interval to the other.

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
    model, year, level = result.model, result.years[-1], result.levels[result.headline]
    size = result.main.estimates[-1]
    low, high = size.lower[result.headline], size.upper[result.headline]
    ends = [end for swing in bars[:MOST] for end in (swing.low, swing.high)]
    write = amounts(result.main.unit, [*ends, high], (low, high))
    unit = f"{write.unit}, {year}"
    name = capital(_human(result.main.title or result.main.name))
    claim = f"{name} comes to {write.full(size.value)} in {year}; {between(level, write(low), write(high))}; "
    claim += f"{_human(bars[0].driver)} moves it most"
    claim = below_observed(result).rstrip(".") or claim
    tornado = Picture(
        plot=Ranges(
            rows=tuple(
                Row(
                    _human(swing.driver),
                    None,
                    text=f"{write(swing.low)} to {write(swing.high)}",
                    bars=((middle, swing.low, LOW), (middle, swing.high, MAIN)),
                )
                for swing in bars[:MOST]
            ),
            reference=middle,
            reference_text=f"median: {write(middle)}",
            key=(
                (f"driver at the lower end of its {level} % interval", LOW),
                ("at the upper end, all others at their medians", MAIN),
            ),
        ),
        title="What one driver alone does",
        unit=unit,
        amounts=write,
    )
    notes: tuple[str, ...] = ("The outermost 1 % of draws are not drawn.",) if result.histogram else ()
    notes += (f"{len(bars) - MOST} drivers that move it less are not drawn.",) if len(bars) > MOST else ()
    spread = [_distribution(result.histogram, (low, size.value, high), level, unit, write)] if result.histogram else []
    return Picture(
        plot=Panels((*spread, tornado, *_bridge(result, write)), per_row=1),
        title=model.table.title or model.file.name,
        claim=claim,
        amounts=write,
        source="Sizing: rural-forecast.",
        alternative=f"A distribution and bars of drivers. {claim}. The numbers are in the table.",
        notes=notes,
    )


def _bridge(result: Sizing, write: Amounts) -> Iterator[Picture]:
    """A waterfall from the first year to the last: a column a factor, floating from the one before it."""
    growth_bridge = bridge(result, result.main)
    if not growth_bridge:
        return
    first, last = result.years[0], result.years[-1]
    at = growth_bridge.before
    groups = [(str(first), (Bar(at, write(at)),))]
    for effect in growth_bridge.effects:
        text = f"{'+' if effect.effect >= 0 else '−'}{write(abs(effect.effect))}"
        tone = MAIN if effect.effect >= 0 else LOW
        groups.append((_human(effect.factor), (Bar(at + effect.effect, text, tone, base=at),)))
        at += effect.effect
    groups.append((str(last), (Bar(growth_bridge.after, write(growth_bridge.after)),)))
    title = f"Growth from {first} to {last} by factor, at the medians of the drivers"
    yield Picture(plot=Columns(tuple(groups)), title=title, unit=write.unit, amounts=write)


def _human(name: str) -> str:
    return name.replace("_", " ")


def _distribution(
    histogram: Histogram, marked: tuple[float, float, float], level: int, unit: str, write: Amounts
) -> Picture:
    """The draws in bins; those outside the interval are paler."""
    low, _, high = marked
    names = [""] * len(histogram.shares)
    for value in marked:
        at = next((place for place, edge in enumerate(histogram.edges[1:]) if value <= edge), len(names) - 1)
        names[at] = write(value)
    middles = [(first + last) / 2 for first, last in zip(histogram.edges, histogram.edges[1:], strict=False)]
    bins = zip(names, histogram.shares, middles, strict=True)
    groups = tuple((name, (Bar(share, tone=MAIN, faint=not low <= at <= high),)) for name, share, at in bins)
    title = f"Distribution of the draws, dark: {level} % interval"
    return Picture(plot=Columns(groups, touching=True), title=title, unit=unit, amounts=write)
