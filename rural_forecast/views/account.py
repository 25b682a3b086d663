"""The account of a reading: where the table was found, and what became of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rural_forecast.series.account import ReadingAccount
from rural_forecast.text.wording import counted

MOST_LINES = 20
"""Skipped lines that are shown; the json format has up to 1,000."""


def record(account: ReadingAccount) -> dict[str, Any]:
    """An account as the provenance of a document has it."""
    return {
        "table": account.table,
        "title": account.title,
        "unit": account.unit,
        "cells": account.cells,
        "used": account.used,
        "missing": account.missing,
        "skipped": dict(account.skipped),
        "published": account.published,
        "as_of": account.as_of.isoformat() if account.as_of else None,
        "lines": [line._asdict() for line in account.lines],
    }


def lines(account: ReadingAccount) -> Iterator[str]:
    """An account for people."""
    about = [f"title '{account.title}'" if account.title else "", f"unit {account.unit}" if account.unit else ""]
    yield f"table found at {', '.join(filter(None, (account.table, *about)))}"
    skipped = sum(account.skipped.values())
    yield f"cells: {account.cells:,} = {account.used:,} used + {account.missing:,} missing + {skipped:,} skipped"
    for why, count in sorted(account.skipped.items(), key=lambda entry: -entry[1]):
        yield f"skipped {counted(count, 'cell')}: {why}"
    if account.published:
        yield f"{counted(account.published, 'value')} read as published figures, not as history"
    for line in account.lines[:MOST_LINES]:
        yield f"skipped line {line.place}: {line.text} ({line.why})"
    if len(account.lines) > MOST_LINES:
        yield f"skipped {len(account.lines) - MOST_LINES:,} more lines"
