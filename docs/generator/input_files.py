"""The page of the files that can be read: formats, names of columns, periods, limits; from the
readers themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from docs.generator.tables import BY_HAND, code, table
from rural_forecast.observed.reading import names, options, periods
from rural_forecast.observed.reading.amounts import amount, notation_of, value_of
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.periods import read_head
from rural_forecast.observed.reading.units import beside_numbers
from rural_forecast.observed.source_names import SUFFIXES

_FORMATS = {
    "csv": ("Comma, semicolon or tab between cells; long form, or years across.", ""),
    "tsv": ("Tabs between cells.", ""),
    "json": ("A list of objects, one a row; or the document that `--format json` writes.", ""),
    "ndjson": ("One object a line.", ""),
    "excel": ("A sheet, or some cells of it (`--sheet 'NAME!A1:C9'`).", "excel"),
    "parquet": ("One file; `batch` takes a folder of them too.", "parquet"),
}
_MEANINGS = {
    "source": "Who says so; several values of one period are accepted where their sources differ.",
    "author": "Who made a published forecast.",
    "status": (
        "`actual` (left out), `preliminary`, `provisional`, `estimate`, `forecast`, `expert`, "
        "`target` (a plan)."
    ),
    "published_on": "The day of publication, for `--as-of`.",
    "unit": "Unit of the values; one a series.",
    "scale": (
        "The factor of the values, such as `Millions` or `6`: it goes into the unit; one a series."
    ),
    "definition": "What is counted; one a series.",
    "measure": (
        "`flow` (left out), `stock`, `rate` (a share, kept within its bounds) or `price`; one a "
        "series."
    ),
    "market_kind": "`adoption`, as `--kind` states it; one a series.",
    "within": (
        "The id of the total that it is a part of, in the same file, as `--within` names it; one a "
        "series."
    ),
    "growth_pct": "Growth on the year before, in percent, as published.",
    "note": "Kept and shown; it never changes a number.",
    "doubtful": (
        "`yes` for a likely slip or misprint: used only where the period has no other value."
    ),
    "flag": (
        "Flags of an agency: `e` estimate, `p` provisional, `r` revised, `f` forecast; or behind a "
        "value: `9 e`."
    ),
    "low": (
        "Lower end of an expert's range, whose median is the value; only in a file with a status "
        "`expert`."
    ),
    "high": "Upper end of that range.",
    "level": "Its probability in percent, 80 (left out).",
    "qualifier": "`=` exact, `~` rounded, `>` a floor, `<` an upper figure.",
}
_PERIODS = (
    *(
        "2016",
        "FY2017",
        "FY18",
        "2016年",
        "平成30年",
        "2016-12-31",
        "31.12.2016",
        "2016/17",
        "96/97",
        "2015-2017",
    ),
    *(
        "2010 [YR2010]",
        "Y1990",
        "(1990) 1990",
        "1995_x_Value",
        "1950JJ00",
        "1963-64 ....",
        "2023 (a)",
        "2014s",
        "1973 2/",
        "2023*",
    ),
    *(
        "2017H1",
        "H1 2017",
        "2017Q3",
        "Q3 2017",
        "2017年第3季度",
        "2017M08",
        "Aug 2017",
        "2017M01-M08",
    ),
)
_VALUES = (
    *(
        "1,234",
        "1 234",
        "1'234",
        "1.234,5",
        "１２３４",
        "(0.2)",
        "1,234-",
        "$41.2",
        "US$ 1.2bn",
        "12 Mio.",
        "12亿元",
        "41 %",
    ),
    *("12.5*", "12.5 (a)", "12.5¹"),
)
_MARKERS = (":", "..", "...", "-", "--", "n/a", "xxx", "no data", "*", "x", "c", "z", "(D)")


def pages() -> dict[str, str]:
    """The page by its place under `docs/`."""
    return {"reference/files.md": _page()}


def _page() -> str:
    suffixes = {
        form: [suffix for suffix, of in SUFFIXES.items() if of == form] for form in _FORMATS
    }
    formats = [
        (code(form), ", ".join(map(code, suffixes[form])), meaning, code(extra))
        for form, (meaning, extra) in _FORMATS.items()
    ]
    heads = [
        (code(written), str(head.period))
        for written in _PERIODS
        if isinstance(head := read_head(written), Head)
    ]
    return (
        f"{BY_HAND}# Files it reads\n\n[Your own data](../how-to/own-data.md) shows how.\n\n"
        f"## Formats\n\n{table(('format', 'suffixes', 'what', 'needs the extra'), formats)}\n"
        "What a file holds decides how it is read, not its suffix; standard input is `-`. Text is "
        "UTF-8, with or without a byte order mark, unless `--encoding` names another; text in "
        "another encoding is recognised, with a warning.\n\n"
        f"## Columns\n\n{table(('column', 'recognised names', 'meaning'), _columns())}\n"
        "Names are compared without case, spaces, hyphens and a unit in brackets: `Turnover (bn "
        "CNY)` is `turnover`, in bn CNY. `--period-column`, `--value-column` and `--id-column` "
        "name others. Where one column is left over, it is the value; a column of text never is. "
        "Columns that are not read are named, unless they only repeat one text for each series.\n\n"
        f"## Periods\n\n{table(('written', 'read as'), heads)}\n"
        "A date counts as its year; several dates a year at equal distance are its months, "
        "quarters or halves. A year that spans two is dated by the first, one of three or five "
        "years by the middle one. Two digits are 1969 to 2068. A star is a forecast. Years are "
        "1600 to 2199, and 1 to 9999 in a column named after years. A mark behind a year, or a "
        "word before it, says what its values are, in a head or in a cell:\n\n"
        f"{table(('mark', 'values are'), _marks())}\n"
        "A year whose halves, quarters or months are all known is made of them: the sum of a "
        "`flow`, the last of a `stock`, the mean of a `rate` or `price`. The column `measure` or "
        "`--measure` says which it is; without it the parts are not used, and a file of parts "
        "alone is refused. Parts of the last year are named with the `nowcast` that uses them. A "
        "column of months or quarters next to the years is joined with them.\n\n"
        f"## Values\n\n{table(('written', 'read as', 'unit'), _values())}\n"
        "A value is kept as published: its factor is in the unit, never multiplied in, whether it "
        "is next to the number, in a head, a title (`in thousands`, `单位：万元`) or a column "
        "(`Scale`, `SCALAR_FACTOR`, `UNIT_MULT`). A series whose values have different factors, "
        "or a percent sign at some only, is refused. Which sign is the decimal mark is decided by "
        "all numbers of the table, or asked for (`--decimal`).\n\n"
        f"Missing, never zero: {_names(sorted(set(_MARKERS)))}, an empty cell, and a flag for 'not "
        "available'.\n\n"
        "## Limits\n\n"
        f"A file may have {options.MOST_BYTES // 1024**2} MB, {options.MOST_ROWS:,} rows, "
        f"{options.MOST_COLUMNS:,} columns and {options.MOST_CELLS:,} cells. `batch` streams CSV, "
        "TSV, NDJSON and Parquet of any size.\n"
    )


def _columns() -> Iterable[tuple[str, str, str]]:
    yield "period", _names(names.PERIOD_NAMES), "Needed."
    yield "value", _names(names.VALUE_NAMES), "Needed."
    yield "id", _names(names.ID_NAMES), "Where a file holds several series."
    for column, meaning in _MEANINGS.items():
        yield column, _names(names.OTHER_NAMES[column]), meaning


def _values() -> Iterable[tuple[str, str, str]]:
    for written in _VALUES:
        read = amount(written)
        notation = notation_of(
            {str(read.body): "", "12,5" if written == "1.234,5" else "0.5": ""}, None
        )
        yield (
            code(written),
            f"{value_of(read.body, notation):g}",
            code(beside_numbers("", read.currency, read.scale)),
        )


def _marks() -> Iterable[tuple[str, str]]:
    words = {
        periods.YearMark("forecast"): "published forecasts, never history",
        periods.YearMark("forecast", target=True): "targets, never history",
        periods.YearMark("preliminary"): "preliminary",
        periods.YearMark("actual"): "actual",
    }
    for mark, meaning in words.items():
        there = [name for name, known in periods.MARKS.items() if known == mark]
        yield (
            _names(f"2024 {name}" if len(name) > 1 else f"2024{name.upper()}" for name in there),
            meaning,
        )


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(code, sorted(names, key=lambda name: (not name.isascii(), name))))
