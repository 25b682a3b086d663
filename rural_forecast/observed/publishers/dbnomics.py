"""DBnomics, which passes on the series of many publishers: `dbnomics:PROVIDER/DATASET/SERIES`."""

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

HOST = "https://api.db.nomics.world"


def _address(key: str) -> str:
    parts = key.split("/", 2)
    if len(parts) != 3 or not all(parts):
        raise ValueError
    name = "/".join(path(part, ":+") for part in parts)
    return f"{HOST}/v22/series/{name}?observations=1&format=json"


def _series(content: bytes) -> Any:
    """The first series of an answer."""
    listed = mapping(mapping(as_json(content)).get("series")).get("docs")
    return next(iter(objects(listed)), {})


def _describe(content: bytes) -> Description:
    series = _series(content)
    dataset = str(series.get("dataset_name", ""))
    name = str(series.get("series_name", ""))
    title = f"{dataset}: {name}" if dataset and name else name or dataset
    provider = mapping(mapping(as_json(content)).get("provider"))
    maker = str(provider.get("name") or series.get("provider_code", ""))
    return Description(
        title,
        updated=str(series.get("indexed_at", ""))[:10],
        publisher=f"{maker}, by DBnomics" if maker else "",
        licence=str(provider.get("terms_of_use") or ""),
    )


def _refusal(content: bytes) -> str:
    answer = mapping(as_json(content))
    if "message" in answer:
        return str(answer["message"])
    for error in objects(answer.get("errors")):
        return str(error.get("message", "")) or "it names no reason"
    return "" if _series(content) else "it has no such series"


def _search(words: Sequence[str]) -> str:
    return f"{HOST}/v22/search?q={path(' '.join(words))}&limit=100"


def _listed(content: bytes) -> list[Found]:
    """Read the data sets that a search found; their series are on the page of each."""
    results = mapping(mapping(as_json(content)).get("results")).get("docs")
    listed = []
    for result in objects(results):
        name = f"dbnomics:{result.get('provider_code')}/{result.get('code')}/"
        updated = str(result.get("updated_at") or result.get("indexed_at") or "")[:10]
        listed.append(Found(name, str(result.get("name", "")), updated=updated))
    return listed


PUBLISHER = Publisher(
    prefix="dbnomics",
    name="DBnomics",
    licence="as its provider states",
    key="PROVIDER/DATASET/SERIES",
    example="dbnomics:WB/WDI/A-NY.GDP.MKTP.CD-CHN",
    answers="JSON",
    address=_address,
    describe=_describe,
    refusal=_refusal,
    catalogue=DataSets(_search, _listed, whole=False),
)
