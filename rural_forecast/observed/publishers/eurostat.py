"""Eurostat: `eurostat:DATASET/GEO?DIMENSION=CODE`, by its Statistics API, as JSON-stat."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

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

HOST = "https://ec.europa.eu"
_API = "/eurostat/api/dissemination"


def _address(key: str) -> str:
    named, _, filters = key.partition("?")
    dataset, _, places = named.partition("/")
    if not dataset or "/" in places:
        raise ValueError
    chosen = [("geo", code) for code in places.split("+") if code]
    chosen += parse_qsl(filters, strict_parsing=True) if filters else []
    options = urlencode([("format", "JSON"), ("lang", "EN"), *chosen])
    return f"{HOST}{_API}/statistics/1.0/data/{path(dataset)}?{options}"


def _describe(content: bytes) -> Description:
    cube = mapping(as_json(content))
    unit = mapping(mapping(mapping(cube.get("dimension")).get("unit")).get("category"))
    labels = [str(label) for label in mapping(unit.get("label")).values()]
    title = str(cube.get("label", ""))
    places = mapping(mapping(mapping(cube.get("dimension")).get("geo")).get("category"))
    names = [str(label) for label in mapping(places.get("label")).values()]
    if title and len(names) == 1:
        title = f"{title}, {names[0]}"
    return Description(
        title,
        labels[0] if len(labels) == 1 else "",
        str(cube.get("updated", ""))[:10],
    )


def _refusal(content: bytes) -> str:
    answer = mapping(as_json(content))
    for error in objects(answer.get("error")):
        return str(error.get("label", "")) or "it names no reason"
    if mapping(answer.get("warning")):
        # A large answer is made in the background, and is to be asked for again.
        return str(mapping(answer["warning"]).get("label", "")) or "it is still at work on it"
    return "" if answer.get("value") else "it has no values of these codes"


def _contents(words: Sequence[str]) -> str:  # noqa: ARG001 - it lists, and does not search
    return f"{HOST}{_API}/catalogue/toc/txt?lang=en"


def _listed(content: bytes) -> list[Found]:
    """Read its table of contents: one data set a line, with its code, type and last update."""
    lines = csv.reader(content.decode("utf-8-sig", "replace").splitlines(), delimiter="\t")
    listed: dict[str, Found] = {}
    for row in lines:
        if len(row) > 3 and row[2].strip() in ("dataset", "table"):
            code = row[1].strip()
            listed[code] = Found(f"eurostat:{code}", row[0].strip(), updated=_day(row[3].strip()))
    return [*listed.values()]


def _day(text: str) -> str:
    """A day that is written as 28.03.2024."""
    parts = text.split(".")
    return "-".join(reversed(parts)) if len(parts) == 3 else text


PUBLISHER = Publisher(
    prefix="eurostat",
    name="Eurostat",
    licence="CC BY 4.0",
    key="DATASET/GEO?DIMENSION=CODE",
    example="eurostat:tec00115/BE?unit=CLV_PCH_PRE",
    answers="JSON",
    address=_address,
    describe=_describe,
    refusal=_refusal,
    catalogue=DataSets(_contents, _listed),
)
