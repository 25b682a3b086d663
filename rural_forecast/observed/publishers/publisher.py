"""Describes a publisher: the address of a short name, and how to read its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote


@dataclass(frozen=True)
class Description:
    """Facts that an answer states about its data; empty where it states none."""

    title: str = ""
    unit: str = ""
    updated: str = ""
    """The day of the last update, as 2024-03-28."""
    publisher: str = ""
    """In place of the name of the publisher: who made what it passes on."""
    licence: str = ""
    """In place of that of the publisher."""


@dataclass(frozen=True)
class Found:
    """A data set that a search found."""

    name: str
    """As it is typed, such as `wb:SP.RUR.TOTL`."""
    title: str
    unit: str = ""
    updated: str = ""


@dataclass(frozen=True)
class DataSets:
    """Where a publisher lists what it has."""

    address: Callable[[Sequence[str]], str]
    """The address that answers for these words."""
    listed: Callable[[bytes], Sequence[Found]]
    """The data sets of its answer."""
    whole: bool = True
    """True if it lists all that there is, so that those with every word are chosen here."""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """One publisher: its name, the form of its keys, and how its answers are read."""

    prefix: str
    name: str
    licence: str
    key: str
    """How a name is written after the prefix."""
    example: str
    answers: Literal["JSON", "CSV"]
    address: Callable[[str], str]
    """The address of a key. Raises ValueError if it is none."""
    describe: Callable[[bytes], Description] = lambda _: Description()
    refusal: Callable[[bytes], str] = lambda _: ""
    """Give the message that an answer has in place of data; empty if it holds data."""
    catalogue: DataSets | None = None


def path(text: str, safe: str = "") -> str:
    """Write a part of an address: what a key holds cannot add a part or an option."""
    return quote(text, safe=safe)


def as_json(content: bytes) -> Any:
    """Read an answer as JSON; None if it is none."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def mapping(value: Any) -> Mapping[str, Any]:
    """Give an object of an answer; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Give the objects of a list of an answer."""
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict)]
