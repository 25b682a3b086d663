"""A page for clients before it is drawn: a sheet for each market, and an appendix."""

from typing import NamedTuple

from rural_forecast.document.picture import Look, Picture
from rural_forecast.document.table import Table


class Figure(NamedTuple):
    """One fact of a sheet: a number, and what it is."""

    value: str
    remark: str


class Sheet(NamedTuple):
    """One market on one page: the headline first."""

    heading: str
    range: str = ""
    picture: Picture | None = None
    figures: tuple[Figure, ...] = ()
    counted: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Section(NamedTuple):
    """One part of a chapter."""

    heading: str = ""
    prose: tuple[str, ...] = ()
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    folded: bool = False  # evidence that is looked up: folded away on a screen, open in print


class Chapter(NamedTuple):
    """One market in the appendix, or the method."""

    heading: str
    sections: tuple[Section, ...]


class Page(NamedTuple):
    """An exhibit, with chapters as its appendix."""

    title: str
    sheets: tuple[Sheet, ...]
    chapters: tuple[Chapter, ...] = ()
    byline: str = ""
    credit: str = ""
    look: Look = Look()
