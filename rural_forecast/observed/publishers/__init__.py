"""Copies an address, or a series of a publisher by its short name, to a file of this machine.

A publisher is one module with a `PUBLISHER`: the address of a key, and what its answers say of
themselves. The readers then read its answer as they read any file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from rural_forecast.errors import InputError, UsageError, command
from rural_forecast.observed.publishers import dbnomics, eurostat, fred, oecd, world_bank
from rural_forecast.observed.publishers.publisher import Found, Publisher
from rural_forecast.observed.reading.source import call
from rural_forecast.system.addresses import CHECK_ADDRESS, Copy, is_address, shown_address
from rural_forecast.system.copies import fetched, used

BY_PREFIX = {
    module.PUBLISHER.prefix: module.PUBLISHER
    for module in (world_bank, eurostat, oecd, fred, dbnomics)
}
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_TABLE = re.compile(rb"<t(?:able|r|d|h)\b", re.IGNORECASE)


def copied(name: str) -> Copy:
    """Give the copy of what stands at an address or has a short name, fetched if it must be.

    Raises UsageError if it may not be read, InputError if it cannot be fetched or is no data.
    """
    if is_address(name):
        copy = fetched(name, check=lambda content: _require_table(name, content))
        copy = replace(copy, publisher=urlsplit(name).hostname or "")
        call(copy.path, copy.address)
        return used(name, copy)
    prefix, _, key = name.partition(":")
    publisher = BY_PREFIX[prefix.lower()]
    address = _address(publisher, name, key)
    try:
        copy = fetched(address, name, lambda content: _require_data(publisher, name, content))
    except InputError as error:
        if error.hint == CHECK_ADDRESS:
            error.hint = _where_to_look(publisher)
        raise
    call(copy.path, name)
    if copy.named:
        return copy
    with open(copy.path, "rb") as file:
        about = publisher.describe(file.read())
    described = replace(
        copy,
        named=name,
        publisher=about.publisher or publisher.name,
        title=about.title,
        unit=about.unit,
        licence=about.licence or publisher.licence,
        updated=about.updated,
    )
    return used(address, described)


def _address(publisher: Publisher, name: str, key: str) -> str:
    try:
        return publisher.address(key)
    except ValueError:
        written = f"{publisher.prefix}:{publisher.key}"
        hint = f"Write {written}, such as {publisher.example}."
        raise UsageError(f"{name} names no series of {publisher.name}.", hint) from None


def _require_table(address: str, content: bytes) -> None:
    """Refuse a page without a table, of a login say, before it is kept for the day."""
    if _PAGE.match(content) and not _TABLE.search(content):
        raise InputError(
            f"{shown_address(address)} is a web page without a table.",
            "Open it in a browser: it may ask for a login, or link to the file itself.",
        )


def _require_data(publisher: Publisher, name: str, content: bytes) -> None:
    """Refuse an answer that is a page, or says that there is nothing, before it is kept."""
    start = content[:2000].lstrip()
    is_page = start.startswith(b"<")
    if publisher.answers == "JSON":
        is_page = not start.startswith((b"{", b"["))
    if is_page:
        raise InputError(
            f"{publisher.name} answered {name} with a page in place of {publisher.answers}.",
            "Try again later; its service may be under repair.",
            code="address",
        )
    refusal = publisher.refusal(content).strip().rstrip(".")
    if refusal:
        raise InputError(
            f"{publisher.name} has no data for {name}: {refusal}.",
            _where_to_look(publisher),
            code="not_found",
        )


def _where_to_look(publisher: Publisher) -> str:
    if publisher.catalogue is None:
        return f"Check the name; it is written {publisher.prefix}:{publisher.key}."
    return f"Find it: {command('series list', f'{publisher.prefix}:WORD')}"


def search(prefix: str, words: Sequence[str]) -> list[Found]:
    """Find the data sets of a publisher whose name or title holds every word.

    Raises UsageError if it lists none.
    """
    publisher = BY_PREFIX[prefix.lower()]
    if publisher.catalogue is None:
        able = ", ".join(
            f"{one.prefix}:" for one in BY_PREFIX.values() if one.catalogue is not None
        )
        raise UsageError(
            f"{publisher.name} has no search without a key.",
            f"Search on its site; {able} are searched here.",
        )
    if not words:
        raise UsageError(
            f"No word to search {publisher.name} for.", f"Write one: {publisher.prefix}:rural."
        )
    address = publisher.catalogue.address(words)
    copy = fetched(address)
    with open(copy.path, "rb") as file:
        listed = publisher.catalogue.listed(file.read())
    if not publisher.catalogue.whole:
        return [*listed]
    wanted = [word.casefold() for word in words]
    return [one for one in listed if _holds(one, wanted)]


def _holds(data_set: Found, words: Sequence[str]) -> bool:
    text = f"{data_set.name} {data_set.title}".casefold()
    return all(word in text for word in words)
