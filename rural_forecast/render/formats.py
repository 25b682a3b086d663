"""The formats there are, and the one door to their renderers.

Each renderer is imported when its format is asked for, so that a pipe that wants csv pays for csv alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.document.table import Document

Format = Literal["table", "json", "ndjson", "csv", "tsv", "markdown", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
PICTURES = ("svg", "png", "pdf")
"""Formats of pictures; those of `FORMATS` are of documents."""
ALL = (*FORMATS, *PICTURES, "html")
EXTRAS = {"parquet": "parquet", "xlsx": "excel", "svg": "chart", "png": "chart", "pdf": "chart", "html": "report"}
"""The extra that a format needs; a picture on the terminal needs `chart` too."""

_SUFFIXES: dict[str, str] = {
    ".txt": "table",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".svg": "svg",
    ".png": "png",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
}


def binary(name: str) -> bool:
    """Whether a format is bytes, which no terminal can show."""
    return name in ("parquet", "xlsx", "png", "pdf")


def for_files(name: str) -> bool:
    """Whether a format is nothing to read on a terminal."""
    return binary(name) or name in ("svg", "html")


def from_suffix(path: str | os.PathLike[str]) -> str | None:
    """The format that the suffix of a file name means, in any letter case, or None where it means none.

    >>> from_suffix("out/forecast.JSONL"), from_suffix("v1.2/forecast")
    ('ndjson', None)
    """
    return _SUFFIXES.get(os.path.splitext(os.fspath(path))[1].lower())  # noqa: PTH122 - pathlib costs 5 ms


def suffix(name: str) -> str:
    """The usual suffix of a format, with its dot.

    >>> suffix("markdown")
    '.md'
    """
    return suffixes(name)[0]


def suffixes(name: str) -> tuple[str, ...]:
    """All suffixes that mean a format, the usual one first."""
    return tuple(ending for ending, meant in _SUFFIXES.items() if meant == name)


def render(
    document: Document,
    name: str,
    *,
    width: int | None = None,
    color: bool = False,
    unicode: bool = True,
) -> str | bytes:
    """Write a document in a format.

    Parameters
    ----------
    width : columns of the terminal, for `table`; None means that nothing is wrapped or folded
    color : whether `table` may hold terminal escapes; all other formats never do
    unicode : whether `table` may go beyond ASCII

    Returns
    -------
    Text that ends in a line feed and can always be encoded in UTF-8, or bytes for the formats that are `binary`.

    Raises
    ------
    UsageError : a library that the format needs is not installed
    RuralForecastError : a number is not finite, which is a defect of ours
    ValueError : there is no such format
    """
    if name == "csv" or name == "tsv":
        from rural_forecast.render import csv_format

        return csv_format.render(document, "," if name == "csv" else "\t")
    if name == "json":
        from rural_forecast.render import json_format

        return json_format.render(document)
    if name == "ndjson":
        from rural_forecast.render import ndjson

        return ndjson.render(document)
    if name == "table":
        from rural_forecast.render import table

        return table.render(document, width=width, color=color, unicode=unicode)
    if name == "markdown":
        from rural_forecast.render import markdown

        return markdown.render(document)
    return _render_binary(document, name)


def draw(
    picture: Picture,
    name: str,
    *,
    width: int | None = None,
    color: bool = False,
    unicode: bool = True,
    head: bool = True,
) -> str | bytes:
    """Draw a picture: in characters for `table`, else in a format of `PICTURES`.

    Parameters
    ----------
    width, color, unicode : as for `render`
    head : whether a picture in characters has its title above it

    Raises
    ------
    UsageError : a library that the format needs is not installed, or no font has the picture's characters
    """
    if name == "table":
        from rural_forecast.render import terminal_chart

        return terminal_chart.render(picture, width=width, color=color, unicode=unicode, head=head)
    from rural_forecast.render import chart

    return chart.render(picture, name)


def _render_binary(document: Document, name: str) -> bytes:
    if name == "parquet":
        from rural_forecast.render import parquet

        return parquet.render(document)
    if name == "xlsx":
        from rural_forecast.render import xlsx

        return xlsx.render(document)
    raise ValueError(f"{name!r} is not one of {', '.join(FORMATS)}")
