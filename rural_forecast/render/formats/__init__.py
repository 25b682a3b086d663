"""The output formats: machine formats each in a file of this folder that is found by itself, the
others listed here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rural_forecast.document.table import Block, Column, Document
from rural_forecast.errors import not_finite

if TYPE_CHECKING:
    from pathlib import Path

    from rural_forecast.document.page import Page
    from rural_forecast.document.picture import Picture


class RecordStream(Protocol):
    """A file of records that is written piece by piece."""

    def write(self, payload: Any) -> None:
        """Append rows, encoded by `Format.encode`."""

    def finish(self, about: Document) -> None:
        """Write the notes and the provenance of a document, where the format has them."""

    def close(self) -> None:
        """Close the file."""
        return


class Format(NamedTuple):
    """An output format. Options, help and defaults follow from these fields."""

    name: str
    order: int  # its position in help and lists, of its own
    suffixes: tuple[str, ...]  # with their dot, the usual one first
    renderers: Mapping[str, Callable[..., str | bytes]]
    """of a `Document`, `Picture` or `Page`, the usual one first."""
    extra: str | None = None
    for_files: bool = False
    for_people: bool = False  # it also shows history, published estimates and opinions
    has_notes: bool = False
    has_provenance: bool = False
    errors_as_json: bool = False
    encode: Callable[[Block], Any] | None = None  # encodes rows for `stream`, in a worker process
    stream: Callable[[Path, tuple[Column, ...]], RecordStream] | None = None
    """without it, the format is rendered whole."""

    @property
    def shows(self) -> str:
        """The usual content: `document`, `picture` or `page`."""
        return next(iter(self.renderers)).lower()

    @property
    def draws(self) -> bool:
        """It shows documents and draws pictures too, in characters."""
        return {"Document", "Picture"} <= self.renderers.keys()

    @property
    def is_text(self) -> bool:
        """People read it as it is, on a terminal."""
        return self.for_people and not self.for_files


def _lazy(module: str, **fixed: Any) -> Callable[..., Any]:
    """Name the function `render` of a file of `render`, which is imported when it is called with
    these arguments.
    """

    def call(shown: object, **terminal: Any) -> Any:
        return import_module(f"rural_forecast.render.{module}").render(shown, **fixed, **terminal)

    return call


_TABLE = {"Document": _lazy("table"), "Picture": _lazy("terminal")}
_PNG, _PDF = (
    {"Picture": _lazy("drawing", form=form), "Page": _lazy("page.printed", form=form)}
    for form in ("png", "pdf")
)
_SLIDES = dict.fromkeys(("Picture", "Page"), _lazy("page.slides"))
_OTHERS = (
    Format("table", 1, (".txt",), _TABLE, for_people=True, has_notes=True),
    Format(
        "xlsx",
        8,
        (".xlsx",),
        {"Document": _lazy("workbook")},
        "excel",
        True,
        True,
        True,
        has_provenance=True,
    ),
    Format("svg", 11, (".svg",), {"Picture": _lazy("drawing")}, for_files=True),
    Format("png", 12, (".png",), _PNG, "chart", for_files=True),
    Format("pdf", 13, (".pdf",), _PDF, "chart", for_files=True),
    Format("html", 21, (".html", ".htm"), {"Page": _lazy("page.html")}, "exhibit", for_files=True),
    Format("pptx", 22, (".pptx",), _SLIDES, "exhibit", for_files=True),
)


def ordered(declared: Iterable[Format]) -> dict[str, Format]:
    """Put formats in their order, by name. Raises ValueError if a name, an order or a suffix is
    taken.
    """
    known = {}
    taken = dict[object, str]()
    for form in sorted(declared, key=lambda form: form.order):
        suffixes = (("suffix", suffix) for suffix in form.suffixes)
        for trait in (("name", form.name), ("order", form.order), *suffixes):
            if trait in taken:
                raise ValueError(
                    f"Two formats have the {trait[0]} {trait[1]!r}: {taken[trait]} and {form.name}."
                )
            taken[trait] = form.name
        known[form.name] = form
    return known


_FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would cost the start more
_FILES = (
    name.removesuffix(".py")
    for name in os.listdir(_FOLDER)  # noqa: PTH208
    if name.endswith(".py")
)
_FOUND = (import_module(f"{__name__}.{name}").FORMATS for name in _FILES if name != "__init__")
BY_NAME = ordered((*_OTHERS, *chain.from_iterable(_FOUND)))
FORMATS, PICTURES, PAGES = (
    tuple(form.name for form in BY_NAME.values() if form.shows == kind)
    for kind in ("document", "picture", "page")
)
_BY_SUFFIX = {suffix: form.name for form in BY_NAME.values() for suffix in form.suffixes}


def from_suffix(path: str | os.PathLike[str]) -> str | None:
    """Name the format that the suffix of a file means, in any letter case; None if it means none."""
    return _BY_SUFFIX.get(os.path.splitext(os.fspath(path))[1].lower())  # noqa: PTH122 - pathlib costs 5 ms


def render(shown: Document | Picture | Page, name: str, **terminal: Any) -> str | bytes:
    """Write a document, a picture or a page as text that ends in a line feed, or bytes; a missing
    library is refused.

    `terminal`: `width` in columns, `color`, `unicode`, and `head` (a picture's title).
    """
    for table in (shown.records, *shown.sections) if isinstance(shown, Document) else ():
        for place, column in enumerate(table.columns):
            for cell in table.cells(place):
                if isinstance(cell, float) and not isfinite(cell):
                    raise not_finite(
                        f"Column {column.key} holds {cell}, which is not a finite number."
                    )
    return BY_NAME[name].renderers[type(shown).__name__](shown, **terminal)
