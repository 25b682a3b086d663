"""Fine domains of the sets that no network saw, and the families that are left out together."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.corpus import apart

FAMILIES = {
    "shares of product": ("agriculture_percent", "industry_percent", "services_percent"),
    "trade shares": ("exports_percent", "imports_percent", "merchandise", "investments", "high_technology"),
    "work": ("agriculture_workers", "self_employed", "service_workers", "working_hours", "aged_15plus", "hourly"),
    "trade prices": ("exports_unit", "imports_unit", "net_barter"),
    "defence, aid and debt": ("armed", "arms", "military", "aid_received", "external_debt", "market_value"),
    "income": ("gdpperemployee", "gnipercapita", "total_gdp", "output", "consumption", "capital"),
    "health": ("government_health", "total_health", "medical"),
    "population": ("rural", "urban", "pop", "emp"),
    "resources": ("desalinated", "food_supply", "total_sulfur", "total_water", "wood", "sugar"),
    "computers": ("personal_computers",),
    "energy": ("biofuels", "geo", "solar", "wind"),
    "US product": ("sector",),
}
"""Beginnings of the names of the domains of each family."""
PENN = {"ccon": "consumption", "cda": "consumption", "cn": "capital", "rnna": "capital", "rconna": "consumption"}
"""Domains of variables of the Penn World Table; all other than `pop` and `emp` are output."""
SECTORS = (3, 6, 10, 12, 25, 34, 36, 45, 50, 59, 68, 74, 82, 87)
"""First line of every group of lines of state product but the first."""


class Series(NamedTuple):
    """A history and what it is about."""

    domain: str
    family: str
    values: np.ndarray


def domain(name: str, identifier: str) -> str:
    """The domain of a series of a set: an indicator, a technology, a kind of output or a group of industries."""
    first, *rest = identifier.split("|")
    if name == "energy_adoption":
        return first.split("_")[0]
    if name == "penn_world_table":
        return first if first in ("pop", "emp") else PENN.get(first, "output")
    return f"sector {sum(int(rest[0]) >= edge for edge in SECTORS)}" if name == "us_state_gdp" else first


def family(name: str) -> str:
    """The family of a domain."""
    return next(title for title, starts in FAMILIES.items() if name.startswith(starts))


def series(folder: Path) -> list[Series]:
    """Training parts of the sets that no network saw, without copies of competition series."""
    found = []
    for name, identifier, values in apart(folder):
        about = domain(name, identifier)
        if values.min() > 0:
            found.append(Series(about, family(about), values))
    return found
