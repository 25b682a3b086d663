"""`size` as a picture: a tornado of its drivers, the one that moves the size most on top."""

from __future__ import annotations

from math import isfinite

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.sizing.size import Sizing
from rural_forecast.sizing.swings import swings
from rural_forecast.text.numbers import amounts

MOST = 15
"""Drivers shown; further ones move the size less."""


def picture(result: Sizing, *, title: str = "", logarithmic: bool = False) -> Picture:
    """The main stage of the last year as each driver goes from one end of its interval to the other.

    Raises
    ------
    UsageError : no driver is uncertain, or the formula divides by zero at the medians, so there is nothing to compare
    """
    middle, found = swings(result)
    if not found:
        raise UsageError("No driver of this sizing is uncertain.", "Give at least one as a range, such as 10..20.")
    if not isfinite(middle):
        raise UsageError(
            "The formula gives no finite number with every driver at its median, so there is nothing to compare.",
            "Give the drivers other ranges.",
        )
    model, year, level = result.model, result.years[-1], result.levels[0]
    top = found[0]
    shown = [(min(swing.low, swing.high), max(swing.low, swing.high)) for swing in found[:MOST]]
    write = amounts(result.main.unit, [edge for pair in shown for edge in pair], shown[0])
    claim = f"{top.driver} moves {result.main.name} in {year} most: {write(top.low)} to {write(top.high)}"
    return Picture(
        plot=Ranges(
            rows=tuple(
                Row(
                    swing.driver,
                    None,
                    ((level, *ends),),
                    text=f"{write(swing.low)} to {write(swing.high)}",
                    tone=MAIN,
                )
                for swing, ends in zip(found[:MOST], shown, strict=True)
            ),
            reference=middle,
            reference_text=f"all at their medians: {write(middle)}",
        ),
        title=title or model.title or model.file.name,
        claim=f"{claim} {write.unit}",
        subtitle=f"Each bar: one driver from the lower to the upper end of its {level} % interval, all others at their "
        "medians.",
        unit=f"{write.unit}, {year}",
        amounts=write,
        source="Sizing: rural-forecast.",
        alternative=f"Bar chart of drivers. {claim}.",
        logarithmic=logarithmic,
    )
