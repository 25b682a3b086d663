"""World Bank: `wb:INDICATOR/COUNTRY`, by the second version of its interface of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rural_forecast.observed.publishers.publisher import (
    DataSets,
    Description,
    Found,
    Publisher,
    as_json,
    mapping,
    objects,
    path,
)

HOST = "https://api.worldbank.org"
_WHOLE = "format=json&per_page=20000"  # all countries and years of an indicator are fewer


def _address(key: str) -> str:
    indicator, _, countries = key.partition("/")
    if not indicator or "/" in countries:
        raise ValueError
    country = path(countries or "all", ";")
    return f"{HOST}/v2/country/{country}/indicator/{path(indicator)}?{_WHOLE}"


def _parts(content: bytes) -> tuple[Any, Any]:
    """The head of an answer, and its rows."""
    answer = as_json(content)
    parts = answer if isinstance(answer, list) else [answer]
    return (*parts, None, None)[:2]


def _describe(content: bytes) -> Description:
    head, rows = _parts(content)
    first = next(iter(objects(rows)), {})
    title = str(mapping(first.get("indicator")).get("value", ""))
    places = {str(mapping(row.get("country")).get("value", "")) for row in objects(rows)}
    if len(places) == 1:
        title = f"{title}, {places.pop()}"
    return Description(title, updated=str(mapping(head).get("lastupdated", "")))


def _refusal(content: bytes) -> str:
    head, rows = _parts(content)
    for message in objects(mapping(head).get("message")):
        return str(message.get("value", "")) or "it names no reason"
    return "" if objects(rows) else "it has no values of this indicator and country"


def _all_indicators(words: Sequence[str]) -> str:  # noqa: ARG001 - it lists, and does not search
    # Source 2 is World Development Indicators, the indicators that are kept up to date.
    return f"{HOST}/v2/source/2/indicator?{_WHOLE}"


def _listed(content: bytes) -> list[Found]:
    _, rows = _parts(content)
    return [
        Found(f"wb:{row.get('id')}", str(row.get("name", "")), str(row.get("unit") or ""))
        for row in objects(rows)
    ]


PUBLISHER = Publisher(
    prefix="wb",
    name="World Bank",
    licence="CC BY 4.0",
    key="INDICATOR/COUNTRY",
    example="wb:SP.RUR.TOTL/CHN",
    answers="JSON",
    address=_address,
    describe=_describe,
    refusal=_refusal,
    catalogue=DataSets(_all_indicators, _listed),
)
