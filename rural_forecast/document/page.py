"""A page for readers before it is drawn: a sheet for each market, and an appendix of prose, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from rural_forecast.document.picture import Look, Picture
from rural_forecast.document.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One fact of a sheet: a number, and what it is."""

    value: str
    remark: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One market on one page: the headline first."""

    heading: str
    range: str = ""
    picture: Picture | None = None
    figures: tuple[Figure, ...] = ()
    counted: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a chapter."""

    heading: str = ""
    prose: tuple[str, ...] = ()
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    folded: bool = False
    """Evidence that is looked up: folded away on a screen, open in print."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One market in the appendix, or the method."""

    heading: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An exhibit, with chapters as its appendix."""

    title: str
    sheets: tuple[Sheet, ...]
    chapters: tuple[Chapter, ...] = ()
    byline: str = ""
    credit: str = ""
    look: Look = field(default=Look())
