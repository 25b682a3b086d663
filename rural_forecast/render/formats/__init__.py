"""The output formats: each is one record, in a file of this folder that is found by itself.

All files are loaded at start-up; what is slow to import is loaded when a format is used: by `lazy`, or in a function.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from rural_forecast.document.page import Page
    from rural_forecast.document.picture import Picture
    from rural_forecast.document.table import Block, Column, Document
    from rural_forecast.render.records import Writer


class Stream(Protocol):
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
    order: int
    """Position in help and lists; no two formats have the same."""
    suffixes: tuple[str, ...]
    """File suffixes with their dot, the usual one first."""
    renderers: Mapping[str, Callable[..., str | bytes]]
    """By what is shown: `Document`, `Picture` or `Page`, the usual one first."""
    extra: str | None = None
    for_files: bool = False
    for_people: bool = False
    """It also shows history, published estimates and opinions."""
    has_notes: bool = False
    has_provenance: bool = False
    errors_as_json: bool = False
    """An error is one JSON object on standard error."""
    encode: Callable[[Block], Any] | None = None
    """Encodes rows for `stream`, in a worker process."""
    stream: Callable[[Path, tuple[Column, ...]], Stream] | None = None
    """Opens a file for rows piece by piece; without it, the format is rendered whole."""

    @classmethod
    def of_text(cls, name: str, order: int, suffixes: tuple[str, ...], writer: Writer, **traits: Any) -> Format:
        """Declare a format of text, whole or piece by piece."""
        pieces: dict[str, Any] = {"encode": writer.encode, "stream": writer.stream}
        return cls(name, order, suffixes, {"Document": writer.render}, **pieces, **traits)

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

    @property
    def has_records(self) -> bool:
        """It holds the rows of the contract."""
        return self.shows == "document" and not self.is_text


def lazy(module: str, **fixed: Any) -> Callable[..., Any]:
    """Name the function `render` of a file of `render`, which is imported when it is called with these arguments."""

    def call(shown: object, **terminal: Any) -> Any:
        return import_module(f"rural_forecast.render.{module}").render(shown, **fixed, **terminal)

    return call


def ordered(declared: Iterable[Format]) -> dict[str, Format]:
    """Put formats in their order, by name. Raises ValueError if a name, an order or a suffix is taken."""
    known, taken = {}, dict[object, str]()
    for form in sorted(declared, key=lambda form: form.order):
        for what, trait in (("name", form.name), ("order", form.order), *(("suffix", one) for one in form.suffixes)):
            if trait in taken:
                raise ValueError(f"The format {form.name} has the {what} {trait} of {taken[trait]}.")
            taken[trait] = form.name
        known[form.name] = form
    return known


def _discovered() -> Iterable[Format]:
    for file in os.listdir(os.path.dirname(__file__)):  # noqa: PTH120, PTH208 - pathlib costs 5 ms
        if file.endswith(".py") and file != "__init__.py":
            yield from import_module(f"{__name__}.{file.removesuffix('.py')}").FORMATS


BY_NAME = ordered(_discovered())
ALL = tuple(BY_NAME)
FORMATS, PICTURES, PAGES = (
    tuple(form.name for form in BY_NAME.values() if form.shows == kind) for kind in ("document", "picture", "page")
)
_BY_SUFFIX = {suffix: form.name for form in BY_NAME.values() for suffix in form.suffixes}


def from_suffix(path: str | os.PathLike[str]) -> str | None:
    """Name the format that the suffix of a file means, in any letter case; None if it means none.

    >>> from_suffix("out/forecast.JSONL"), from_suffix("v1.2/forecast")
    ('ndjson', None)
    """
    return _BY_SUFFIX.get(os.path.splitext(os.fspath(path))[1].lower())  # noqa: PTH122 - pathlib costs 5 ms


def render(shown: Document | Picture | Page, name: str, **terminal: Any) -> str | bytes:
    """Write a document, a picture or a page in a format.

    `terminal`: for `table`: `width` in columns (None wraps nothing), `color` (allow escapes), `unicode` (beyond ASCII),
    `head` (put the title above a picture). Gives text that ends in a line feed and can be encoded in UTF-8, or bytes.
    Raises UsageError if a library that the format needs is not installed, or no font has a picture's characters;
    RuralForecastError if a number is not finite, which is a defect of ours; ValueError if there is no such format.
    """
    if name not in BY_NAME:
        raise ValueError(f"{name!r} is not one of {', '.join(ALL)}")
    return BY_NAME[name].renderers[type(shown).__name__](shown, **terminal)
