"""The leading markets of a forecast: where each was at our level, and how long its next ten points took."""

from __future__ import annotations

from typing import Any

from rural_forecast.document.table import Column, Table
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast
from rural_forecast.views.columns import tabulated


def table(result: Forecast) -> Table:
    """One row a leader, the most similar one first."""
    share = whole(result.history) is not None
    return tabulated(
        result.leads,
        (Column("name", "Leading market"), lambda lead: lead.name),
        (Column("crossed", "At our level in", "year"), lambda lead: round(lead.crossed)),
        (
            Column("years", "Years for ten points" if share else "Years to double", "number", 1),
            lambda lead: lead.years_to_more,
        ),
        title="Leading markets",
    )


def figures(result: Forecast) -> dict[str, Any]:
    """The same for the json format; empty without leaders."""
    if not result.leads:
        return {}
    names = ("name", "crossed", "years_to_more")
    return {"leaders": [{name: getattr(lead, name) for name in names} for lead in result.leads]}
