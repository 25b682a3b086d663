"""OECD: `oecd:AGENCY,DATAFLOW,VERSION/KEY`, by its SDMX interface, as CSV with labels."""

from __future__ import annotations

import csv

from rural_forecast.observed.publishers.publisher import Description, Publisher, path

HOST = "https://sdmx.oecd.org"


def _address(key: str) -> str:
    flow, _, codes = key.partition("/")
    if flow.count(",") not in (1, 2) or "/" in codes:
        raise ValueError
    chosen = path(codes or "all", "+.")
    return f"{HOST}/public/rest/data/{path(flow, ',@')}/{chosen}?format=csvfilewithlabels"


def _describe(content: bytes) -> Description:
    rows = csv.DictReader(content.decode("utf-8-sig", "replace").splitlines()[:2])
    first = next(iter(rows), {})
    return Description(first.get("STRUCTURE_NAME") or "", first.get("Unit of measure") or "")


def _refusal(content: bytes) -> str:
    # It answers in words, and not by a status, where a data flow was withdrawn.
    head = content[:2000].decode("utf-8-sig", "replace").partition("\n")[0].strip()
    return "" if "TIME_PERIOD" in head else head[:200] or "it has no values of this key"


PUBLISHER = Publisher(
    prefix="oecd",
    name="OECD",
    licence="CC BY 4.0",
    key="AGENCY,DATAFLOW,VERSION/KEY",
    example="oecd:OECD.ECO.MPD,DSD_AN_HOUSE_PRICES@DF_HOUSE_PRICES,1.0/USA.A.HPI.",
    answers="CSV",
    address=_address,
    describe=_describe,
    refusal=_refusal,
)
