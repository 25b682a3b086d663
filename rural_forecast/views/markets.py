"""Evidence from other markets: leaders, where each was at our level, and the share of a total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rural_forecast.document.table import Column, Table
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast
from rural_forecast.views.columns import tabulated


def tables(result: Forecast) -> Iterator[Table]:
    """The leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        share = whole(result.history) is not None
        yield tabulated(
            result.leads,
            (Column("name", "Leading market"), lambda lead: lead.name),
            (Column("crossed", "At our level in", "year"), lambda lead: round(lead.crossed)),
            (
                Column("years", "Years for ten points" if share else "Years to double", "number", 1),
                lambda lead: lead.years_to_more,
            ),
            title="Leading markets",
        )
    if result.shares:
        columns = (
            Column("period", "Year", "year"),
            Column("share", "Share", "percent", 0),
            Column("lower", "80 % from", "percent", 0),
            Column("upper", "to", "percent", 0),
        )
        parts = (100 * part for part in (result.shares.value, result.shares.lower, result.shares.upper))
        rows = zip(result.years, *(part.tolist() for part in parts), strict=True)
        yield Table(columns, tuple(rows), title=f"Share of {result.shares.title}, as both forecasts imply")


def figures(result: Forecast) -> dict[str, Any]:
    """The same for the json format; empty without other markets."""
    found: dict[str, Any] = {}
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
