"""A picture over years as the own chart of a workbook or a slide: lines, columns, stacked areas.

Such a chart is a table of columns, each drawn in its own way, so that a client can edit it.
"""

from collections.abc import Mapping
from typing import Any

from rural_forecast.document.picture import Course, Picture, Stack
from rural_forecast.render.columns import prose
from rural_forecast.render.native_columns import (
    BRIEF,
    LETTER,
    SLIDE_ROOM,
    ChartSeries,
    Errors,
    Kind,
    YearColumns,
)
from rural_forecast.render.native_look import (
    APART,
    COLOURS,
    NONE,
    ChartOptions,
    Colours,
    gridlines,
)
from rural_forecast.render.wrapping import width
from rural_forecast.text.cells import one_line

_FROM_TOP_TO_BOTTOM: tuple[Kind, ...] = ("area", "column", "line")

_SLACK = 1e-9  # a text at the end of the axis is within it
_MOST_LABELS = 12  # at the end, which are readable in the height of a chart
_EMPHASIS = 1.25  # size of the label of the answer
_MOST_FOR_LABELS = 0.42  # of the width
# Room left of the drawing and below it: points beside ticks, ems of the years, and least shares.
_BESIDE_TICKS = 8.0
_YEARS_HIGH = 2.1
_LEFT = 0.06
_BELOW = 0.12
_TOP = 0.05


def suits(picture: Picture) -> bool:
    """Check that a picture has lines, columns or areas over years, with few enough labels."""
    plot = picture.plot
    if isinstance(plot, Course):
        labels = sum(not label.level for label in plot.labels)
        # The length of a bar is its value, which no logarithmic axis shows.
        is_drawn = not (picture.by_factors and plot.bars)
        return is_drawn and labels <= _MOST_LABELS
    return isinstance(plot, Stack)


class NativeChart:
    """The columns of a picture that suits, and how they are written."""

    def __init__(
        self,
        picture: Picture,
        colours: Colours = COLOURS,
        points: float = 14,
        room: tuple[float, float] = SLIDE_ROOM,
    ) -> None:
        """Lay out the columns.

        `points`: the size of its texts; `room`: its width and height, in points.
        """
        self.points = points
        self.wide, self.high = room
        self.colours = colours
        self.factor = picture.amounts.factor
        columns = YearColumns(picture, colours, points, room)
        self.scale = columns.scale
        self.years = columns.years
        self.series = columns.series

    @property
    def words(self) -> list[str]:
        """The texts of the drawing."""
        return [text for series in self.series for text in series.texts.values()]

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        charts = self._write_columns(workbook, sheet)
        chart, *others = (charts[kind] for kind in _FROM_TOP_TO_BOTTOM if kind in charts)
        for other in others:
            chart.combine(other)
        chart.set_y_axis(self._value_axis())
        chart.set_x_axis(self._year_axis(has_columns="column" in charts))
        chart.set_legend(NONE)
        chart.set_title(NONE)
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": NONE, "fill": NONE})
        return chart

    def _write_columns(self, workbook: Any, sheet: Any) -> dict[Kind, Any]:
        """Write the years and the columns; return a chart for each kind of them."""
        last = len(self.years)
        sheet.write_column(1, 0, self.years)
        charts: dict[Kind, Any] = {}
        free = len(self.series) + 1  # the next column for the lengths of error bars
        for column, series in enumerate(self.series, 1):
            # A text that begins with `=` is taken for a formula.
            sheet.write_string(0, column, one_line(series.name).lstrip("= "))
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value)
            if series.kind not in charts:
                stacked = {"subtype": "stacked"} if series.kind == "area" else {}
                charts[series.kind] = workbook.add_chart({"type": series.kind, **stacked})
            options = {
                "name": [sheet.name, 0, column],
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, column, last, column],
                **series.look,
            }
            if series.texts:
                options["data_labels"] = self._labels(series)
            if series.errors:
                options["y_error_bars"] = self._error_bars(sheet, series.errors, free)
                free += 2
            charts[series.kind].add_series(options)
        return charts

    def _error_bars(self, sheet: Any, errors: Errors, column: int) -> ChartOptions:
        """Write the lengths of error bars in a column and the next one, and draw the bars."""
        last = len(self.years)
        options: ChartOptions = {
            "type": "custom",
            "line": {
                "color": self.colours[errors.colour],
                "width": 1.5,
                "dash_type": errors.dash,
            },
        }
        for name, key, values in (
            ("below", "minus_values", errors.below),
            ("above", "plus_values", errors.above),
        ):
            sheet.write_string(0, column, name)
            for row, value in enumerate(values, 1):
                sheet.write_number(row, column, value or 0.0)
            letter = column_letters(column)
            options[key] = f"={sheet.name}!${letter}$2:${letter}${last + 1}"
            options[key.replace("values", "data")] = [value or 0.0 for value in values]
            column += 1
        return options

    @property
    def _axis_font(self) -> ChartOptions:
        return {"size": self.points, "color": self.colours["quiet"]}

    def _value_axis(self) -> ChartOptions:
        ticks = self.scale.ticks
        places = max((len(text.partition(".")[2]) for text in self.scale.texts), default=0)
        low = ticks[0] if ticks else self.scale.low
        axis = {
            "major_gridlines": gridlines(self.colours),
            "line": NONE,
            "num_font": self._axis_font,
            "num_format": f"#,##0.{'0' * places}".rstrip("."),
            "min": low / self.factor,
            "max": self.scale.high / self.factor * (1 + _SLACK),
        }
        if self.scale.logarithmic:
            axis |= {
                "log_base": 10,
                "min": self.scale.low / self.factor,
                "major_gridlines": {"visible": False},
                "label_position": "none",
            }
        elif len(ticks) > 1:
            axis["major_unit"] = (ticks[1] - ticks[0]) / self.factor
        return axis

    def _year_axis(self, *, has_columns: bool) -> ChartOptions:
        axis: ChartOptions = {
            "num_font": self._axis_font,
            "line": {"color": self.colours["axis"]},
            "interval_unit": self._step_of_years,
        }
        if not has_columns:  # lines start at the axis; columns need the room beside it
            axis |= {
                "position_axis": "on_tick",
                "label_position": "low",
                "major_tick_mark": "outside",
            }
        return axis

    @property
    def _step_of_years(self) -> int:
        """A label every so many years; those without room have no text already."""
        return 1 if "" in self.years else -(-len(self.years) // BRIEF)

    def _labels(self, series: ChartSeries) -> ChartOptions:
        """Label the points that have a text, and delete the labels of those before and between."""
        size = self.points
        if series.bold and series.side == "right":
            size *= _EMPHASIS
        font = {"size": size, "bold": series.bold, "color": self.colours[series.colour]}
        custom: list[ChartOptions] = []
        for index in range(max(series.texts) + 1):
            if index in series.texts:
                text = prose(series.texts[index])
                custom.append({"value": APART + text if series.apart else text, "font": font})
            else:
                custom.append({"delete": True})
        return {"value": True, "position": series.side, "custom": custom, "font": font}

    @property
    def layout(self) -> Mapping[str, float]:
        """The part of the chart that the drawing takes: labels are right of it."""
        last = len(self.years) - 1
        longest = 0.0
        for series in self.series:
            if series.side == "right" and last in series.texts:
                emphasis = _EMPHASIS if series.bold else 1
                longest = max(longest, len(series.texts[last]) * emphasis)
        labels = min(longest * LETTER * self.points / self.wide, _MOST_FOR_LABELS)
        ticks = max((width(text, self.points) for text in self.scale.texts), default=0.0)
        left = max((ticks + _BESIDE_TICKS) / self.wide, _LEFT)
        below = max(_YEARS_HIGH * self.points / self.high, _BELOW)
        return {"x": left, "y": _TOP, "width": 0.98 - left - labels, "height": 1 - _TOP - below}


def column_letters(column: int) -> str:
    """Name a column of a sheet, counted from 0: A to Z, then AA."""
    before, last = divmod(column, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)
