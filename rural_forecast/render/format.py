"""What the program knows of an output format: one record, held by the file that writes the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from rural_forecast.document.table import Block, Column, Remark


class Stream:
    """A file that is written piece by piece."""

    def write(self, payload: Any) -> None:
        """Append rows, encoded by `Format.encode`."""

    def restart(self) -> None:
        """Empty the file but for what comes before the rows."""

    def finish(self, notes: tuple[Remark, ...], provenance: Mapping[str, Any]) -> None:
        """Write what comes after the rows."""

    def close(self) -> None:
        """Close the file."""


class Format(NamedTuple):
    """An output format. Options, help and defaults follow from these fields."""

    name: str
    order: int
    """Position in help and lists."""
    suffixes: tuple[str, ...]
    """File suffixes with their dot, the usual one first."""
    render: Callable[..., str | bytes]
    """Takes what `shows` names, and the keywords `width`, `color` and `unicode`."""
    shows: Literal["document", "picture", "page"] = "document"
    extra: str | None = None
    """The extra that it needs."""
    for_files: bool = False
    """Whether it is refused on a terminal."""
    for_people: bool = False
    """Whether it also shows history, published estimates and opinions."""
    has_notes: bool = False
    """Whether it has room for explanations."""
    has_provenance: bool = False
    errors_as_json: bool = False
    """Whether an error is one JSON object on standard error."""
    draw: Callable[..., str] | None = None
    """Draws a picture in characters, for the format of terminals."""
    page: Callable[..., str | bytes] | None = None
    """Renders a page, for a format that shows pictures."""
    encode: Callable[[Block], Any] | None = None
    """Encodes rows for `stream`, in a worker process."""
    stream: Callable[[Path, tuple[Column, ...]], Stream] | None = None
    """Opens a file for rows piece by piece; without it, the format is rendered whole."""

    @property
    def is_text(self) -> bool:
        """Whether people read it as it is, on a terminal."""
        return self.for_people and not self.for_files

    @property
    def has_records(self) -> bool:
        """Whether it holds the rows of the contract."""
        return self.shows == "document" and not self.is_text


def lazy(module: str, function: str = "render", **fixed: Any) -> Callable[..., Any]:
    """A function of a file of this room, which is imported when it is called."""

    def call(shown: object, **terminal: Any) -> Any:
        return getattr(import_module(f"rural_forecast.render.{module}"), function)(shown, **fixed, **terminal)

    return call
