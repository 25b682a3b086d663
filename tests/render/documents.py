"""Documents and pictures to try renderers on: with made-up numbers, and of arbitrary cells."""

import pytest
from hypothesis import strategies as st

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Label,
    Line,
    Mark,
    Picture,
    Ranges,
    Row,
)
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.render.image import font_folder, require_fonts
from rural_forecast.views.table import row_columns


def remarks(*texts: str) -> tuple[Note, ...]:
    """Notes of a document."""
    return tuple(Note("made_up", text) for text in texts)


ROW_COLUMNS = row_columns((80, 95))
_INTERVALS = (
    Column("lower_80", "80 % interval", "number"),
    Column("upper_80", "", "number", ends_range=True),
    Column("lower_95", "95 % interval", "number"),
    Column("upper_95", "", "number", ends_range=True),
)
_FORECAST = (
    Column("period", "Year", "year"),
    Column("kind", ""),
    Column("value", "Value", "number"),
    *_INTERVALS,
    Column("growth_pct", "Growth", "percent", sign=True),
)
_PUBLISHED = (
    Column("period", "Year", "year"),
    Column("value", "Published", "text"),
    Column("author", "By"),
    Column("dated", "Dated"),
    Column("ours", "Ours or actual", "number"),
    Column("verdict", ""),
)
_MODELS = (
    Column("model", "Model"),
    Column("value", "Value", "number"),
    *_INTERVALS[:2],
    Column("weight", "Weight", "percent", 0),
    Column("reason", ""),
)
_ID = "rural_online_shopping_turnover"
_UNIT = "billion yuan"

FOUNDING = Document(
    command="project",
    records=Table(
        ROW_COLUMNS,
        (
            (
                _ID,
                2017,
                "forecast",
                "consensus",
                602.4871,
                548.2,
                671.9,
                514.0,
                745.31,
                24.99732,
                _UNIT,
            ),
            (
                _ID,
                2018,
                "forecast",
                "consensus",
                716.0,
                602.75,
                868.125,
                533.5,
                1061.2,
                18.840645,
                _UNIT,
            ),
        ),
    ),
    title="Online shopping turnover in rural China",
    about=(
        "Gross value of goods and services bought online by rural residents",
        "Unit: billion yuan",
    ),
    summary=(
        "Consensus for 2018: 716 billion yuan (80 %: 602.8 to 868.1, 95 %: 533.5 to 1,061).",
        "CAGR: +63.6 % a year 2014 to 2016; +21.9 % a year forecast 2016 to 2018.",
    ),
    sections=(
        Table(
            _FORECAST,
            (
                (2014, "actual", 180.0, None, None, None, None, None),
                (2015, "actual", 353.0, None, None, None, None, 96.11111),
                (2016, "actual", 482.0, None, None, None, None, 36.54391),
                (2017, "forecast", 602.4871, 548.2, 671.9, 514.0, 745.31, 24.99732),
                (2018, "forecast", 716.0, 602.75, 868.125, 533.5, 1061.2, 18.840645),
            ),
            title="History and forecast",
            tones=("dim", "dim", "dim", "plain", "strong"),
        ),
        Table(
            _PUBLISHED,
            (
                (2016, ">460", "author not named", "2016-10", 482.0, "actual: met"),
                (
                    2017,
                    "600",
                    "Ministry of Commerce research centre",
                    "2017-09",
                    602.4871,
                    "inside our 80 % interval",
                ),
            ),
            title="Published estimates",
        ),
        Table(
            _MODELS,
            (
                ("theta", 690.25, 601.0, 801.5, 31.2, None),
                ("drift", 784.0, 640.5, 927.5, 22.0, None),
                ("exponential", 1290.7, 702.0, 2401.25, 0.4, None),
                ("arima", 784.0, 611.0, 957.0, None, "opinion"),
                (
                    "logistic",
                    None,
                    None,
                    None,
                    None,
                    "needs a ceiling; give one with --ceiling A..B",
                ),
            ),
            title="What other models say of 2018",
        ),
    ),
    notes=remarks(
        (
            "The Ministry of Commerce counts more: on its definition 2016 was 894.5 billion yuan, "
            "not 482. See it with 'rural-forecast project rural_online_retail_mofcom --year 2018'. "
            "Definition moves the answer more than any model."
        ),
        "Three points: the interval rests on what series like this one did next.",
    ),
    series=(
        {
            "id": _ID,
            "title": "Online shopping turnover in rural China",
            "unit": _UNIT,
            "breaks": [],
            "sources": [],
        },
    ),
    provenance={
        "version": "1.0.0",
        "data_digest": "sha256:0",
        "seed": None,
        "options": {"levels": [80, 95]},
    },
)

CHINESE = Document(
    command="growth",
    records=Table(
        (
            Column("series_id", "系列"),
            Column("title", "名称"),
            Column("period", "年份", "year"),
            Column("value", "数值", "number"),
            Column("growth_pct", "增长", "percent", sign=True),
            Column("derived", "推算", "boolean"),
        ),
        (
            ("农村网络零售额", "中国农村网络零售额,商务部口径(含服务)", 2016, 894.54, 153.1, False),
            ("乡村", "乡村消费品零售总额", 2017, 4197.2, -11.8, True),
            ("ＡＢ１", "全角字符 mixed with ASCII", 2018, 0.5, 0.0, None),
        ),
    ),
    title="农村电商 · 增长对比",
    notes=remarks("商务部口径与国家统计局口径不同,不可直接比较。" * 4),
)

EMPTY = Document(
    command="series check",
    records=Table(
        (Column("series_id"), Column("period", kind="year"), Column("value", kind="number")), ()
    ),
    title="Check of an empty series",
    summary=("", "Nothing was found."),
)

NASTY = Document(
    command="series show",
    records=Table(
        (
            Column("name", "Name"),
            Column("value", "Value", "number", sign=True),
            Column("note", "Note"),
        ),
        (
            ("=cmd|' /C calc'!A0", -1234567.891, "line one\nline two\ttabbed"),
            (
                "[bold red]markup[/]",
                0.0,
                "\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 \u202etxet",
            ),
            (
                "<script>alert(1)</script>",
                12.5,
                "a | b `code` *stars* _under_ snake_case ~600 & [link](http://x)",
            ),
            ('say "hi", then go', None, "@SUM(A1)"),
        ),
    ),
    title="Text that wants to be [red]code[/red] \x1b[1m",
    notes=remarks(
        "# not a heading",
        "1. not a list",
        "− minus, ‘quotes’, ≈ 5 … and 乡村",
        "A-very-long-word-" * 12,
    ),
)

ALL = {"founding": FOUNDING, "chinese": CHINESE, "empty": EMPTY, "nasty": NASTY}

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)
TEXT = st.text(max_size=30) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\u3000=1",
        "\xa0@a",
        "\u2060=1",
        "\xad+1",
        "\U000e0001-1",
        "\uffff=1",
        "a\u202eb",
        'a"b',
        "a,b",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "\x1b[31mred",
        "\x9b1m",
        "乡村",
        "ＡＢ",
        "",
    ]
)
KINDS = {
    "text": TEXT,
    "integer": st.integers(-(10**20), 10**20),
    "number": NUMBERS,
    "percent": NUMBERS,
    "year": st.integers(1, 9999),
    "boolean": st.booleans(),
}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document whose records and section are the same table of one to five columns."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    titles = st.text("ab 乡|*", max_size=12)
    signs = st.booleans()
    columns = tuple(
        Column(f"c{number}", draw(titles), kind, sign=draw(signs))  # type: ignore[arg-type]
        for number, kind in enumerate(kinds)
    )
    row: st.SearchStrategy[tuple[Cell, ...]] = st.tuples(
        *(st.none() | KINDS[kind] for kind in kinds)
    )
    rows = tuple(draw(st.lists(row, max_size=5)))
    table = Table(columns, rows, title=draw(TEXT))
    sections = (table,) if draw(st.booleans()) else ()
    about = (draw(TEXT),)
    summary = (draw(TEXT),)
    notes = remarks(draw(TEXT))
    return Document("test", table, draw(TEXT), about, summary, sections=sections, notes=notes)


MARKUP = '<script>alert(1)</script> & \x1b[31m"quoted" $x^2$'


def fan(
    points: int = 3, first: float = 180.0, ratio: float = 1.6, title: str = "Rural online shopping"
) -> Picture:
    """A fan of two years after `points` years."""
    years = tuple(range(2017 - points, 2017))
    values = tuple(round(first * ratio**step, 2) for step in range(points))
    last = values[-1]
    ahead = (last, last * ratio, last * ratio**2)
    xs = (2016, 2017, 2018)
    bands = []
    bounds = []
    for level, factor in ((80, 1.4), (95, 1.8)):
        lower = (last, *(value / factor for value in ahead[1:]))
        upper = (last, *(value * factor for value in ahead[1:]))
        bands.append(Band(f"{level} %", xs, lower, upper, level))
        bounds += [Label(end, f"{end:,.1f}", level=level) for end in (lower[-1], upper[-1])]
    return Picture(
        plot=Course(
            lines=(Line("observed", years, values), Line("consensus", xs, ahead, MAIN, "dashed")),
            bands=tuple(bands),
            marks=(
                Mark(2017, last * ratio * 0.96, "published by AliResearch"),
                Mark(2016, last * 0.95, "floor"),
            ),
            labels=(
                Label(ahead[-1], f"{ahead[-1]:,.1f}", "consensus", MAIN, strong=True),
                *bounds,
            ),
            origin=2016,
        ),
        title=title,
        subtitle=f"{ahead[-1]:,.1f} bn CNY in 2018",
        about=(
            "Spending by rural buyers on online shopping, sized by researchers from platform data "
            "and surveys"
        ),
        unit="bn CNY",
        source="Source: a trade article.",
        alternative="A fan chart.",
    )


def ranges() -> Picture:
    """Three models against a consensus."""
    rows = (
        Row(
            "consensus",
            786.0,
            ((80, 542.0, 1140.0), (95, 446.0, 1388.0)),
            ("786",),
            MAIN,
            strong=True,
        ),
        Row(
            "Random walk with drift",
            784.0,
            ((80, 541.0, 1137.0), (95, 440.0, 1380.0)),
            ("784",),
            PLAIN,
        ),
        Row("Last value", 482.0, ((80, 333.0, 699.0), (95, 270.0, 820.0)), ("482",), PLAIN),
    )
    return Picture(
        plot=Ranges(rows, ("2018",), 786.0, "consensus, 786"),
        title="Every model",
        unit="bn CNY",
        source="Source: a trade article.",
        alternative="Models side by side.",
    )


def has_chinese() -> bool:
    """Find a font for Chinese characters."""
    resvg = pytest.importorskip("resvg_py")
    try:
        require_fonts("农村网络零售额乡", resvg, font_folder("png"))
    except UsageError:
        return False
    return True
