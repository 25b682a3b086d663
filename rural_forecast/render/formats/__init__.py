"""The output formats.

Machine formats and markdown are each in a file of this folder, with `FORMATS` of its own, that is
found by itself. The others are listed here: what they import loads when they are used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rural_forecast.document.table import Block, Column, Document, Table
from rural_forecast.errors import UsageError, not_finite
from rural_forecast.system.output import COMPRESSED

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
        """True if it shows documents and draws pictures too, in characters."""
        return {"Document", "Picture"} <= self.renderers.keys()

    @property
    def is_text(self) -> bool:
        """True if people read it as it is, on a terminal."""
        return self.for_people and not self.for_files


def _lazy(module: str, **fixed: Any) -> Callable[..., Any]:
    """Make a function that imports a module of `render` when it is called, and calls its `render`.

    `fixed` are arguments that it has in every call.
    """

    def call(shown: object, **terminal: Any) -> Any:
        return import_module(f"rural_forecast.render.{module}").render(shown, **fixed, **terminal)

    return call


_OTHERS = (
    Format(
        "table",
        order=1,
        suffixes=(".txt",),
        renderers={"Document": _lazy("table"), "Picture": _lazy("terminal")},
        for_people=True,
        has_notes=True,
    ),
    Format(
        "xlsx",
        order=8,
        suffixes=(".xlsx",),
        renderers={"Document": _lazy("workbook.book")},
        extra="excel",
        for_files=True,
        for_people=True,
        has_notes=True,
        has_provenance=True,
    ),
    Format(
        "svg",
        order=11,
        suffixes=(".svg",),
        renderers={"Picture": _lazy("image")},
        for_files=True,
    ),
    Format(
        "png",
        order=12,
        suffixes=(".png",),
        renderers={
            "Picture": _lazy("image", form="png"),
            "Page": _lazy("page.printed", form="png"),
        },
        extra="chart",
        for_files=True,
    ),
    Format(
        "pdf",
        order=13,
        suffixes=(".pdf",),
        renderers={
            "Picture": _lazy("image", form="pdf"),
            "Page": _lazy("page.printed", form="pdf"),
        },
        extra="chart",
        for_files=True,
    ),
    Format(
        "html",
        order=21,
        suffixes=(".html", ".htm"),
        renderers={"Page": _lazy("page.html")},
        extra="exhibit",
        for_files=True,
    ),
    Format(
        "pptx",
        order=22,
        suffixes=(".pptx",),
        renderers={"Picture": _lazy("page.slides"), "Page": _lazy("page.slides")},
        extra="exhibit",
        for_files=True,
    ),
)


def ordered(declared: Iterable[Format]) -> dict[str, Format]:
    """Put formats in their order, by name.

    Raises ValueError if a name, an order or a suffix is taken.
    """
    by_name = {}
    owners: dict[tuple[str, object], str] = {}
    for form in sorted(declared, key=lambda form: form.order):
        traits: list[tuple[str, object]] = [("name", form.name), ("order", form.order)]
        traits += [("suffix", suffix) for suffix in form.suffixes]
        for trait in traits:
            if trait in owners:
                kind, value = trait
                raise ValueError(
                    f"Two formats have the {kind} {value!r}: {owners[trait]} and {form.name}."
                )
            owners[trait] = form.name
        by_name[form.name] = form
    return by_name


def _in_files() -> Iterator[Format]:
    """Import the formats that have a file in this folder."""
    # Not by pathlib, which would cost the start 5 ms.
    folder = os.path.dirname(__file__)
    for file in os.listdir(folder):
        if file.endswith(".py") and file != "__init__.py":
            yield from import_module(f"{__name__}.{file.removesuffix('.py')}").FORMATS


def _names(shows: str) -> tuple[str, ...]:
    return tuple(form.name for form in BY_NAME.values() if form.shows == shows)


BY_NAME = ordered((*_OTHERS, *_in_files()))
FORMATS = _names("document")
PICTURES = _names("picture")
PAGES = _names("page")
_BY_SUFFIX = {suffix: form.name for form in BY_NAME.values() for suffix in form.suffixes}
_PACKED_ALREADY = frozenset({"xlsx", "parquet", "png", "pdf", "pptx"})
"""Formats that compress by themselves."""
_OTHER_PACKINGS = frozenset({".zip", ".bz2", ".xz", ".br", ".lz4", ".7z", ".rar", ".tgz"})


def from_suffix(path: str | os.PathLike[str]) -> str | None:
    """Name the format of the suffix of a file, in any letter case; None if there is none.

    That of a file that is compressed stands before `.gz` or `.zst`.
    """
    root, suffix = os.path.splitext(os.fspath(path))
    if suffix.lower() in COMPRESSED:
        suffix = os.path.splitext(root)[1]
    return _BY_SUFFIX.get(suffix.lower())


def refuse_compressed(path: str | os.PathLike[str], name: str) -> None:
    """Raise UsageError for a file whose suffix says another compression than it would have, or
    whose format is compressed already.
    """
    suffix = os.path.splitext(os.fspath(path))[1]
    if suffix.lower() in _OTHER_PACKINGS:
        raise UsageError(
            f"{os.fspath(path)} would not be what its suffix {suffix} says.",
            f"Files are compressed to {' and '.join(COMPRESSED)}.",
        )
    if suffix.lower() in COMPRESSED and name in _PACKED_ALREADY:
        usual = BY_NAME[name].suffixes[0]
        raise UsageError(
            f"{os.fspath(path)} would be compressed twice: {name} is compressed already.",
            f"Leave {suffix} out, and name a file that ends in {usual}.",
        )


def render(shown: Document | Picture | Page, name: str, **terminal: Any) -> str | bytes:
    """Write a document, a picture or a page as text that ends in a line feed, or as bytes.

    `terminal`: `width` in columns, `color`, `unicode`, and `head` (a picture's title). A missing
    library is refused, and so is a number that is not finite, a defect of ours.
    """
    if isinstance(shown, Document):
        for table in (shown.records, *shown.sections):
            _require_finite_numbers(table)
    return BY_NAME[name].renderers[type(shown).__name__](shown, **terminal)


def _require_finite_numbers(table: Table) -> None:
    for index, column in enumerate(table.columns):
        for cell in table.cells(index):
            if isinstance(cell, float) and not isfinite(cell):
                raise not_finite(f"Column {column.key} holds {cell}, which is not a finite number.")
