"""FRED: `fred:SERIES`, by the CSV of its graphs, which needs no key and gives no title or unit."""

from __future__ import annotations

from rural_forecast.observed.publishers.publisher import Publisher, path

HOST = "https://fred.stlouisfed.org"


def _address(key: str) -> str:
    if not key or "/" in key or "," in key:
        raise ValueError
    return f"{HOST}/graph/fredgraph.csv?id={path(key)}"


PUBLISHER = Publisher(
    prefix="fred",
    name="FRED, Federal Reserve Bank of St. Louis",
    licence="as each source of FRED states",
    key="SERIES",
    example="fred:GDPA",
    answers="CSV",
    address=_address,
)
