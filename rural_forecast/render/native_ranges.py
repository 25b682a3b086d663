"""Rows on one axis as the own chart of a workbook or a slide: bars that a client can edit.

Each row is a bar of stacked pieces: an invisible one up to its lower bound, the range in tints
with the value as a dark piece within it, and an invisible one whose label has the texts. The same
pieces make the steps of a waterfall. Excel lists categories from the foot up, so its axis is
reversed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.native_look import NONE, ChartOptions, Colours, gridlines
from rural_forecast.text.cells import one_line

_PIECES = ("base", "lower", "inner lower", "value", "inner upper", "upper", "texts")
_INNER_LEVEL = 50
_VALUE_SHARE = 0.008  # of the axis, for the piece that shows a value
_ROOM_FOR_TEXTS = 0.42  # of the axis, right of what is drawn
_TICKS = 5
_MOST_ROWS = 24
# With more rows, texts are smaller.
_ROWS_IN_FULL = 12
_SMALLER = 0.75
_LONGEST_NAME = 34
_LETTER = 0.52  # ems of a letter, on average
_MOST_NAMES = 0.36  # of the width of the chart
_BESIDE_NAMES = 0.02


def rows_of(picture: Picture) -> Sequence[Row] | None:
    """Give the rows that such a chart draws, or None where the picture is of another kind.

    Bars are stacked from zero: rows below it, pairs of values, and logarithmic axes are drawn
    otherwise. Of lines over years that end in bars, those are the rows.
    """
    plot = picture.plot
    if isinstance(plot, Ranges) and not picture.by_factors:
        rows = [*plot.rows]
        if plot.reference is not None and plot.reference_text:
            rows.append(Row(plot.reference_text, plot.reference))
    elif isinstance(plot, Course) and plot.ends and not picture.by_factors:
        rows = [_row_of_end(end) for end in plot.ends]
    else:
        return None
    has_pairs = any(row.other is not None for row in rows)
    has_steps = any(row.joins is not None for row in rows)
    if has_pairs or has_steps or len(rows) > _MOST_ROWS or min(plot.drawn) < 0:
        return None
    return rows


def _row_of_end(end: Any) -> Row:
    bounds = ((80, *end.bounds),) if end.bounds else ()
    span = " to ".join(filter(None, end.texts))
    return Row(end.name, end.value, bounds, (end.amount, span), tone=end.tone)


@dataclass(frozen=True)
class _Bar:
    """One row of the chart: its name, the ends of its pieces, its colours and its text."""

    name: str
    ends: tuple[float, ...]  # of the pieces before the one with the text, rising
    colours: tuple[str, ...]  # of those pieces but the first; empty for one that is not drawn
    text: str
    is_answer: bool
    line: float = 0.0  # length of the range of a bar from zero, which is a line over it


class NativeRanges:
    """The columns of a picture of rows, and how they are drawn."""

    def __init__(
        self, picture: Picture, rows: Sequence[Row], colours: Colours, points: float = 14
    ) -> None:
        """Lay out the rows. `points`: the size of its texts."""
        self.points = points if len(rows) <= _ROWS_IN_FULL else points * _SMALLER
        self.colours = colours
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, _TICKS)
        span = self.scale.high - self.scale.low
        self.end = self.scale.high + _ROOM_FOR_TEXTS * span
        self.mark = _VALUE_SHARE * span
        self.bars = list(self._bars(rows))

    def _bars(self, rows: Sequence[Row]) -> Iterator[_Bar]:
        for row in rows:
            if row.group:
                yield _Bar(f"{row.group}:", (0.0,) * 6, ("paper",) * 5, "", is_answer=False)
            yield self._waterfall_step(row) if row.bar else self._range(row)

    def _range(self, row: Row) -> _Bar:
        value = row.value or 0.0
        shown = row.shown
        _, low, high = shown[-1] if shown else (0, value, value)
        inner = next((bound for bound in shown if bound[0] <= _INNER_LEVEL), None)
        _, inner_low, inner_high = inner or (0, value, value)
        half = self.mark / 2
        ends = (low, max(inner_low, low), value - half, value + half, inner_high, high)
        answer = row.tone == MAIN
        tint = "band" if answer else "grey"
        mark = "accent" if answer else "ink"
        colours = (f"{tint}80", f"{tint}50", mark, f"{tint}50", f"{tint}80")
        return _Bar(self._name(row), _rising(ends), colours, _text_of(row), is_answer=answer)

    def _waterfall_step(self, row: Row) -> _Bar:
        assert row.bar
        low, high = sorted(row.bar)
        answer = row.tone == MAIN
        colour = "axis" if row.joins is not None and not row.strong else "total"
        if answer:
            colour = "accent"
        # A range is a line over the bar, drawn from its upper end back: nothing lies on it.
        start, end = row.shown[-1][1:] if row.shown else (high, high)
        ends = (low, high, high, high, high, max(high, end))
        text = " to ".join(filter(None, row.ends))
        colours = (colour,) * 4 + ("",)
        return _Bar(self._name(row), ends, colours, text, is_answer=answer, line=end - start)

    def _name(self, row: Row) -> str:
        name = prose(f"{row.name} ({row.about})" if row.about and not row.bar else row.name)
        name = one_line(name)
        return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"

    @property
    def layout(self) -> Mapping[str, float]:
        """The part of the chart that the bars take: names are left of them."""
        longest = max(len(bar.name) for bar in self.bars)
        names = min(longest * _LETTER * self.points / 870 + _BESIDE_NAMES, _MOST_NAMES)
        return {"x": names, "y": 0.02, "width": 0.98 - names, "height": 0.88}

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        sheet.write_column(1, 0, [bar.name.lstrip("= ") for bar in self.bars])
        chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
        for column in range(len(_PIECES)):
            self._piece(sheet, chart, column)
        font = {"size": self.points, "color": self.colours["ink"]}
        chart.set_y_axis(  # the categories, as xlsxwriter has it for bars
            {
                "reverse": True,
                "num_font": font,
                "line": NONE,
                "major_tick_mark": "none",
                "label_position": "low",
                "interval_unit": 1,  # every name, however close they are
            }
        )
        chart.set_x_axis(self._value_axis())
        chart.set_legend(NONE)
        chart.set_title(NONE)
        chart.set_chartarea({"border": NONE, "fill": NONE})
        return chart

    def _piece(self, sheet: Any, chart: Any, column: int) -> None:
        """Write a column of lengths, and draw it in the colour of each row."""
        sheet.write_string(0, column + 1, _PIECES[column])
        points: list[ChartOptions | None] = []
        for row, bar in enumerate(self.bars, 1):
            lengths = [after - before for before, after in pairwise((0.0, *bar.ends, self.end))]
            sheet.write_number(row, column + 1, lengths[column] / self.factor)
            colour = bar.colours[column - 1] if 0 < column < len(_PIECES) - 1 else ""
            fill = {"color": self.colours[colour]} if colour else NONE
            points.append({"fill": fill, "border": NONE})
        last = len(self.bars)
        options: ChartOptions = {
            "name": [sheet.name, 0, column + 1],
            "categories": [sheet.name, 1, 0, last, 0],
            "values": [sheet.name, 1, column + 1, last, column + 1],
            "points": points,
            "fill": NONE if column in (0, len(_PIECES) - 1) else {"color": self.colours["grey80"]},
            "border": NONE,
            "gap": 60,
            "overlap": 100,
        }
        if column == len(_PIECES) - 1:
            options["data_labels"] = self._labels()
        if _PIECES[column] == "upper" and any(bar.line for bar in self.bars):
            options["y_error_bars"] = self._lines(sheet)
        chart.add_series(options)

    def _lines(self, sheet: Any) -> ChartOptions:
        """Write the lengths of ranges behind the pieces; draw them from their upper ends back."""
        column = len(_PIECES) + 1
        # A length of zero would leave a mark at the steps, whose cells are empty instead.
        lengths = [bar.line / self.factor if bar.line else None for bar in self.bars]
        sheet.write_string(0, column, "range")
        sheet.write_column(1, column, lengths)
        letter = chr(ord("A") + column)
        cells = f"={sheet.name}!${letter}$2:${letter}${len(lengths) + 1}"
        return {
            "type": "custom",
            "direction": "minus",
            "minus_values": cells,
            "minus_data": lengths,
            "plus_values": cells,
            "plus_data": lengths,
            "line": {"color": self.colours["ink"], "width": 2.25},
        }

    def _labels(self) -> ChartOptions:
        custom: list[ChartOptions] = []
        for bar in self.bars:
            font = {
                "size": self.points,
                "bold": bar.is_answer,
                "color": self.colours["accent" if bar.is_answer else "ink"],
            }
            custom.append(
                {"value": prose(bar.text), "font": font} if bar.text else {"delete": True}
            )
        font = {"size": self.points, "color": self.colours["ink"]}
        return {"value": True, "position": "inside_base", "custom": custom, "font": font}

    def _value_axis(self) -> ChartOptions:
        scale = self.scale
        places = max((len(text.partition(".")[2]) for text in scale.texts), default=0)
        number = f"#,##0.{'0' * places}".rstrip(".")
        most = scale.ticks[-1] / self.factor if scale.ticks else self.end
        axis: ChartOptions = {
            "min": scale.low / self.factor,
            "max": self.end / self.factor,
            "major_gridlines": gridlines(self.colours),
            "line": NONE,
            # No figures below the texts, where nothing is measured.
            "num_format": f'[>{most * (1 + 1e-9)!r}]"";{number}',
            "num_font": {"size": self.points, "color": self.colours["quiet"]},
        }
        if len(scale.ticks) > 1:
            axis["major_unit"] = (scale.ticks[1] - scale.ticks[0]) / self.factor
        return axis


def _rising(ends: Sequence[float]) -> tuple[float, ...]:
    """Keep pieces from having a length below zero, where a value is at a bound."""
    rising: list[float] = []
    for end in ends:
        rising.append(max(end, rising[-1] if rising else 0.0))
    return tuple(rising)


def _text_of(row: Row) -> str:
    """Write the value of a row and its range, as they end the row in a picture."""
    amount, *others = row.texts or ("",)
    span = f" ({others[0]})" if others and others[0] and row.bounds else ""
    return f"{amount}{span}"
