"""A picture as notebooks and scripts hold it, and the page of a result in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from rural_forecast.document.page import Page
from rural_forecast.document.picture import MAIN, Course, Dash, Picture
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.render import canvas, formats
from rural_forecast.render.columns import people_tables, prose, read_columns
from rural_forecast.system.output import replacing
from rural_forecast.text.style import THEMES

A = TypeVar("A")
COLOURS = THEMES["light"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: a notebook draws it, `save` writes it.

    >>> import rural_forecast as rf
    >>> rf.forecast("turnover").plot().svg[:5]
    '<?xml'
    """

    picture: Picture
    """Its content, before any format."""

    @property
    def svg(self) -> str:
        """The whole picture as svg."""
        return str(formats.render(self.picture, "svg"))

    def save(self, path: str | PathLike[str]) -> Path:
        """Write it as svg, png or pdf, by the suffix; a file of that name is replaced.

        Parameters
        ----------
        path : of the file, which ends in .svg, .png or .pdf

        Raises
        ------
        UsageError : another suffix, or an extra is missing
        OutputError : the file cannot be written
        """
        return saved(path, lambda: self.picture, "a picture", formats.PICTURES)

    def __repr__(self) -> str:
        return f"<Chart: {self.picture.title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return image(self.picture)


class Text(str):
    """Text of several lines that a console and a notebook show as it is."""

    __slots__ = ()

    @classmethod
    def of(cls, document: Document) -> Text:
        """All that a command prints of a document."""
        return cls(formats.render(document, "table", width=None, color=False, unicode=True))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return (
            f'<pre style="font-family:monospace;white-space:pre;overflow:auto">{escape(self)}</pre>'
        )


def saved(
    path: str | PathLike[str],
    draw: Callable[[], Picture | Page],
    subject: str,
    kinds: Collection[str],
) -> Path:
    """Write a drawing to a file, whole or not at all. Raises UsageError if its suffix names none of
    the kinds.
    """
    file = Path(path)
    kind = formats.from_suffix(file)
    if kind is None or kind not in kinds:
        raise UsageError(f"{file} has no suffix of {subject}.", f"Use one of {', '.join(kinds)}.")
    payload = formats.render(draw(), kind)
    with replacing(file) as part:
        part.write_bytes(payload.encode() if isinstance(payload, str) else payload)
    return file


def image(picture: Picture) -> str:
    """The picture as an image with its font, whose styles no other output of a notebook shares."""
    drawn = str(formats.render(picture, "svg"))
    # Percent signs make an svg shorter than base64 would, which its font has been through already.
    data = quote(drawn, safe=" =:/;,+()!*'")
    words = escape(prose(picture.alternative), quote=True)
    return f'<img src="data:image/svg+xml,{data}" alt="{words}" style="max-width:100%">'


def page(document: Document, picture: Picture | None) -> str:
    """A result for a notebook: what it says, its picture, its first table, its warnings."""

    def paragraph(text: str) -> str:
        return f'<p style="margin:.25em 0">{text}</p>'

    parts = [paragraph(f"<strong>{escape(prose(document.title))}</strong>")]
    parts += (paragraph(escape(prose(sentence))) for sentence in document.summary if sentence)
    parts += [image(picture._replace(title="", subtitle=""))] if picture else []
    parts += map(_table, people_tables(document)[:1])
    parts += (
        paragraph(f"Warning: {escape(prose(str(note)))}") for note in document.notes if note.warning
    )
    return "\n".join(parts)


def _table(table: Table) -> str:
    columns = read_columns(table)

    def row(tag: str, cells: Iterable[str], weight: str = "") -> str:
        written = ""
        for column, cell in zip(columns, cells, strict=True):
            side = "right" if column.right else "left"
            style = f"white-space:nowrap;padding:0 .5em;text-align:{side}{weight}"
            written += f'<{tag} style="{style}">{escape(" ".join(cell.split()))}</{tag}>'
        return f"<tr>{written}</tr>"

    cells = zip(*(column.cells for column in columns), strict=True)
    weights = (";font-weight:bold" if tone == "strong" else "" for tone in table.row_tones)
    head = f"<thead>{row('th', [column.title for column in columns])}</thead>"
    body = "".join(row("td", line, weight) for line, weight in zip(cells, weights, strict=True))
    return f'<table style="font-variant-numeric:tabular-nums">{head}<tbody>{body}</tbody></table>'


_SHAPES = {"diamond": "D", "up": "^", "down": "v"}
_DASHES: Mapping[Dash, str] = {
    "solid": "-",
    "dashed": "--",
    "dotted": ":",
    "dash-dotted": "-.",
    "none": "None",
}


def on_axes(picture: Picture, axes: A) -> A:
    """Draw a picture over years on axes of matplotlib, in our colours. Raises UsageError for one of
    another form.
    """
    plot = picture.plot
    ax: Any = axes
    if not isinstance(plot, Course):
        raise UsageError(
            "Only a picture over years can be drawn on axes.", "Leave ax= out to get it as svg."
        )
    shown = picture.amounts.factor  # the unit of the axis is that of the picture

    def scaled(values: Iterable[float]) -> list[float]:
        return [value / shown for value in values]

    for band in sorted(plot.bands, key=lambda band: -band.level):
        fill = COLOURS[f"band{canvas.shade(band.level)}" if band.tone == MAIN else "grey80"]
        label = band.name or f"{band.level} %"
        ax.fill_between(
            band.xs, scaled(band.lower), scaled(band.upper), color=fill, linewidth=0, label=label
        )
    for line in plot.lines:
        style: dict[str, Any] = {"linestyle": _DASHES[line.dash]}
        if line.dots:
            style |= {"marker": "o", "markersize": 3}
        label = line.name or {"dashed": "forecast"}.get(line.dash, "")
        colour = COLOURS[canvas.pattern(line.tone)[0]]
        ax.plot(line.xs, scaled(line.ys), color=colour, label=label, **style)
    for mark in plot.signs:
        ax.plot(
            [mark.x],
            scaled([mark.y]),
            _SHAPES[mark.shape],
            color="white",
            markeredgecolor=COLOURS["ink"],
        )
    if picture.by_factors:
        ax.set_yscale("log")
    ax.set_title(picture.title)
    ax.set_ylabel(picture.unit)
    ax.xaxis.get_major_locator().set_params(integer=True)
    return axes
