"""`size` as a picture: a tornado of its drivers, the one that moves the size most on top."""

from __future__ import annotations

from math import isfinite

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.sizing.size import Sizing
from rural_forecast.sizing.swings import swings
from rural_forecast.text.wording import amount

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
    claim = f"{top.driver} moves {result.main.name} in {year} most: {amount(top.low)} to {amount(top.high)}"
    return Picture(
        plot=Ranges(
            rows=tuple(
                Row(
                    swing.driver,
                    None,
                    ((level, min(swing.low, swing.high), max(swing.low, swing.high)),),
                    text=f"{amount(swing.low)} to {amount(swing.high)}",
                    tone=MAIN,
                )
                for swing in found[:MOST]
            ),
            reference=middle,
            reference_text=f"all at their medians: {amount(middle)}",
        ),
        title=title or model.title or model.file.name,
        claim=f"{claim} {result.main.unit}",
        subtitle=f"Each bar: one driver from the lower to the upper end of its {level} % interval, all others at their "
        "medians.",
        unit=f"{result.main.unit}, {year}",
        source="Sizing: rural-forecast.",
        alternative=f"Bar chart of drivers. {claim}.",
        logarithmic=logarithmic,
    )
