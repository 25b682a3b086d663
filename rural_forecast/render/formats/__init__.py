"""The output formats. Each file of this folder holds the records of its formats in `FORMATS` and is found by itself.

All files are loaded at start-up, so they import what they render with inside functions.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.page import Page
    from rural_forecast.document.picture import Picture
    from rural_forecast.document.table import Document


def _discovered() -> Iterator[Format]:
    for file in os.listdir(os.path.dirname(__file__)):  # noqa: PTH120, PTH208 - pathlib costs 5 ms
        if file.endswith(".py") and file != "__init__.py":
            yield from import_module(f"{__name__}.{file.removesuffix('.py')}").FORMATS


BY_NAME = {form.name: form for form in sorted(_discovered(), key=lambda form: form.order)}
ALL = tuple(BY_NAME)
FORMATS, PICTURES, PAGES = (
    tuple(form.name for form in BY_NAME.values() if form.shows == kind) for kind in ("document", "picture", "page")
)
"""Names of the formats by what they show."""
_BY_SUFFIX = {suffix: form.name for form in BY_NAME.values() for suffix in form.suffixes}


def from_suffix(path: str | os.PathLike[str]) -> str | None:
    """The format that the suffix of a file name means, in any letter case; None if it means none.

    >>> from_suffix("out/forecast.JSONL"), from_suffix("v1.2/forecast")
    ('ndjson', None)
    """
    return _BY_SUFFIX.get(os.path.splitext(os.fspath(path))[1].lower())  # noqa: PTH122 - pathlib costs 5 ms


def render(shown: Document | Picture | Page, name: str, **terminal: Any) -> str | bytes:
    """Write a document, a picture or a page in a format.

    `terminal`: for `table`: `width` in columns (None wraps nothing), `color` (allow escapes), `unicode` (beyond ASCII).
    Gives text that ends in a line feed and can be encoded in UTF-8, or bytes. Raises UsageError if a library that the
    format needs is not installed, or no font has a picture's characters; RuralForecastError if a number is not finite,
    which is a defect of ours; ValueError if there is no such format.
    """
    if name not in BY_NAME:
        raise ValueError(f"{name!r} is not one of {', '.join(ALL)}")
    return BY_NAME[name].render(shown, **terminal)


def draw(picture: Picture, name: str, **terminal: Any) -> str | bytes:
    """Draw a picture: in characters for `table`, otherwise in a format of `PICTURES`; see `render`.

    `terminal`: as for `render`; `head` (put the title above a picture in characters).
    """
    form = BY_NAME[name]
    return (form.draw or form.render)(picture, **terminal)


def write_page(page: Page, name: str) -> str | bytes:
    """Write a page in a format that shows one; see `render`."""
    form = BY_NAME[name]
    return (form.page or form.render)(page)
