"""A report before it is drawn: chapters of prose, pictures and tables, as `document` is for one command's answer."""

from __future__ import annotations

from dataclasses import dataclass

from rural_forecast.document.picture import Picture
from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a chapter."""

    heading: str = ""
    prose: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Names with what they are: a unit, a version, a digest."""
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[Remark, ...] = ()
    folded: bool = False
    """Whether it is evidence that is looked up, folded away on a screen and open in print."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One market, or the method of the report."""

    heading: str
    sections: tuple[Section, ...]
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    answer: tuple[str, ...]
    """The answer in one sentence a market."""
    chapters: tuple[Chapter, ...]
    subtitle: str = ""
    credit: str = ""
    """Who made it, at the foot."""
