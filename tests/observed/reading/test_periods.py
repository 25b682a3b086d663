"""Cells as periods: every form of a year, heads with a mark, and quarters and months that make
years.
"""

import shlex
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.cli.app import TYPED
from rural_forecast.errors import InputError, Problem, spelling
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import published_forecasts
from rural_forecast.observed.reading import ReadOptions, read, read_one
from rural_forecast.observed.reading.days import parts_of, read_day
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.names import mistyped
from rural_forecast.observed.reading.periods import likely, read_head
from tests.inside import Cli, rows
from tests.observed.reading.reading import check_refusal, from_text, points, refused

PERIODS = {
    "2016": ("2016", "2016.0", 2016, 2016.0, "2016年", "２０１６", "２０１６年"),
    "7": ("7",),
    "2017": ("FY2017",),
    "2017H1": ("2017H1",),
    "2017Q4": ("2017Q4",),
    "2017M08": ("2017M08",),
    "2017M01-M08": ("2017M01-M08",),
}
DATES = (
    "2016-12-31",
    "2016-12",
    "2016/6/30",
    "2016-12-31T00:00:00Z",
    "2016-12-31 00:00:00",
    "2016年12月31日",
)
DATES += ("2016.12.31", date(2016, 12, 31), datetime(2016, 12, 31, 5))  # noqa: DTZ001


def test_periods_and_dates() -> None:
    for period, cells in (*PERIODS.items(), ("2016", DATES)):
        for cell in cells:
            head = read_head(cell)
            assert (str(head.period), head.dated) == (period, cells is DATES), cell


WRITTEN = {
    "2010": "2010 [YR2010]",
    "1990": "Y1990|(1990) 1990",
    "1995": "1995_x_Value",
    "1958": "31.12.1958",
    "2016": "31/12/2016|12/31/2016|31-Dec-2016|FY2016/17|2016–2017|民國105年",
    "2018": "2018年|2018年年报|FY18|平成30年",
    "1969": "FY'69",
    "1996": "96/97|FY96/97",
    "2000": "2000/2001",
    "1999": "1999/00",
    "1950": "1950JJ00",
    "1963": "1963-64 ....",
    "2023": "2023*|2023¹|2023 (a)",
    "2020": "2020 estimate",
    "2013": "2012-2014",
    "2019": "令和元年",
    "1989": "昭和64年",
    "2019Q1": "Q1 2019|1Q 2019|2019Q1",
    "2019Q2": "FY19Q2",
    "2019Q3": "2019 Q3|2019年第3季度|2019年三季度",
    "2019M01": "2019M01|Jan 2019|2019 JAN|January 2019",
    "2019M03": "2019年3月份",
    "2019M09": "Sept. 2019",
    "2020H1": "H1 2020|2020年上半年",
    "2020H2": "2H2020",
}


def test_periods_as_publishers_write_them() -> None:
    for period, texts in WRITTEN.items():
        for text in texts.split("|"):
            head = likely(text)
            assert head is not None, text
            assert str(read_head(text).period) == str(head.period) == period
    texts = (
        "TTM",
        "1789-1849",
        "2019年三季报",
        "2019 Current",
        "12",
        "1,234",
        "1850.25",
        "march of 2019",
        "平成32年",
    )
    assert [likely(text) for text in texts] == [None] * len(texts)


def test_several_dates_a_year_are_its_parts() -> None:
    for dates, periods in {
        "2019-01 2019-02 2019-03 2020-01": "2019M01 2019M02 2019M03 2020M01",
        "2019-01-01 2019-04-01 2019-07-01": "2019Q1 2019Q2 2019Q3",
        "2019-03-31 2019-06-30 2019-12-31": "2019Q1 2019Q2 2019Q4",
        "31.01.2019 28.02.2019": "2019M01 2019M02",
        "2019-06-30 2019-12-31": "2019H1 2019H2",
        "2019-06-30 2020-03-31": "2019 2020",
    }.items():
        parts = parts_of(day for text in dates.split() if (day := read_head(text).day))
        assert parts is not None
        assert " ".join(map(str, parts.values())) == periods


def test_dates_at_no_regular_distance_are_no_parts() -> None:
    for dates in (("2019-01-01", "2019-01-08"), ("2019-01", "2019-05"), ("2019-01", "2019-03")):
        assert parts_of(day for text in dates if (day := read_head(text).day)) is None


def test_a_date_that_may_mean_two_days_has_none() -> None:
    assert read_head("01/02/2019").day is None
    assert read_head("01.02.2019").day == date(2019, 2, 1)


REFUSED = {
    ("is empty", "Write 2016"): ("", None),
    ("is not a period", "Write 2016"): ("soon", "9" * 5000),
    ("is not a period", ""): (2016.5, "2017Q5", "2017M13", "2O16", "20l6", "Q5 2016"),
    ("is not a period", "FY2017"): ("FY1",),
    ("is not a period", "digits 0 to 9"): ("௨௦௧௬",),
    ("outside 1 to 9999", ""): ("0", "10000", -5),
    ("outside 1 to 9999", "2016-12-31"): (42735.0, "20161231"),
    ("is not a valid", ""): ("2016-02-30", "2016-13"),
    ("without its century", "2016-12-31"): ("12/31/16",),
    ("without its century", "in full"): ("'16",),
    ("is no whole year and no month", "2017H1"): ("2016.5", "2016.25"),
    ("is a week", "Sum"): ("2016-W05", "2016W5"),
    ("another calendar", "common era"): ("平成32年", "พ.ศ. 2559", "2559 BE"),
    ("true or false", ""): (True,),
}


@pytest.mark.parametrize(("problem", "hint"), REFUSED)
def test_refusals(problem: str, hint: str) -> None:
    for cell in REFUSED[problem, hint]:
        refused = read_head(cell)
        assert isinstance(refused, Problem)
        assert problem in refused.problem
        assert hint in refused.hint


def test_a_date_of_publication_has_bounds() -> None:
    assert read_day("2017-08-31") == (date(2017, 8, 31), date(2017, 8, 31))
    assert read_day(2017.8) == (date(2017, 8, 1), date(2017, 8, 31))
    assert read_day("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert read_day(2017.0) == (date(2017, 1, 1), date(2017, 12, 31))
    assert read_day("spring") is None


@given(st.integers(1000, 9999), st.integers(1, 12), st.integers(1, 12))
def test_what_a_period_prints_is_read_back(year: int, last: int, length: int) -> None:
    period = Period(year, last, min(length, last))
    assert read_head(str(period)) == Head(period)


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_cell_is_a_period_or_refused(cell: object) -> None:
    head = read_head(cell)
    if isinstance(head, Problem):
        check_refusal(InputError.of(head))
    else:
        assert 1 <= head.period.year <= 9999


YEARS = [
    "{y}",
    "{y} [YR{y}]",
    "Y{y}",
    "({y}) {y}",
    "{y}_x_Value",
    "31.12.{y}",
    "{y}年",
    "FY{y}",
    "{y}/{n:02d}",
]
YEARS += [
    "{y}/{z}",
    "{y}JJ00",
    "{y}-{n:02d} ....",
    "{y}*",
    "{y} (a)",
    "{y}²",
    "{y} estimate",
    "{y}-12-31",
]
YEARS += ["{y}年年报", "Dec 31, {y}"]


@given(st.integers(1700, 2100), st.sampled_from(YEARS))
def test_a_year_reads_back_in_every_form(year: int, form: str) -> None:
    text = form.format(y=year, z=year + 1, n=(year + 1) % 100)
    assert read_head(text).period == Period(year)
    head = likely(text)
    assert head is not None
    assert head.period == Period(year)


def test_two_digits_of_a_year() -> None:
    for year in range(1969, 2069):
        short = f"{year % 100:02d}"
        after = f"{(year + 1) % 100:02d}"
        for text in (f"FY{short}", f"{short}/{after}", f"FY{short}/{after}"):
            assert read_head(text).period == Period(year)


@given(
    st.integers(1700, 2100), st.sampled_from(YEARS), st.integers(0, 3), st.sampled_from("OolIZSB")
)
def test_a_letter_in_place_of_a_digit_is_no_period(
    year: int, form: str, digit: int, letter: str
) -> None:
    text = form.format(
        y=str(year)[:digit] + letter + str(year)[digit + 1 :], z=year + 1, n=(year + 1) % 100
    )
    assert isinstance(read_head(text), Problem)


@pytest.mark.parametrize("text", ["1990s", "2014S", "2014sr"])
def test_a_decade_is_no_year_with_a_footnote(text: str) -> None:
    assert isinstance(read_head(text), Problem)


@pytest.mark.parametrize("cell", [201803, "201803"], ids=["number", "text"])
def test_six_digits_are_a_month_in_a_column_of_periods_alone(cell: object) -> None:
    assert read_head(cell) == Head(Period(2018, 3, 1))
    assert likely(cell) is None


FORECASTS = (
    *(
        "2024E",
        "2024F",
        "2024P",
        "2024e",
        "2024年E",
        "2024 est.",
        "2024 forecast",
        "2024(E)",
        "2024 (F)",
        "FY2024E",
    ),
    *(
        "2024-E",
        "2024_F",
        "2024 proj.",
        "2024 budget",
        "est. 2024",
        "forecast 2024",
        "2024预测",
        "2024年（预测）",
    ),
    *("预计2024年", "2024年预期", "２０２４Ｅ", " 2024E ", "FY24E"),
)


@pytest.mark.parametrize("head", FORECASTS)
def test_a_marked_year_is_a_published_forecast_never_history(head: str) -> None:
    (wide,) = from_text(f'Region,2021,2022,2023,"{head}"\nNorth,12,13,15,30\n')
    (long,) = from_text(f'year,value\n2021,12\n2022,13\n2023,15\n"{head}",30\n')
    (keyed,) = from_text(f'{{"2021": 12, "2022": 13, "2023": 15, "{head}": 30}}')
    for series in (wide, long, keyed):
        assert [observation.status for observation in series.observations] == [
            "actual",
            "actual",
            "actual",
            "forecast",
        ]
        (forecast,) = published_forecasts(series)
        assert (forecast.period.year, forecast.value, forecast.author) == (
            2024,
            30,
            "standard input",
        )
        (note,) = series.reading_notes
        assert repr(head.strip()) in str(note)
        assert (note.code, note.warning) == ("published_forecast", True)


OTHERS = {
    "2023A": "actual",
    "2023年实际": "actual",
    "2023 preliminary": "preliminary",
    "2023年初步": "preliminary",
}
OTHERS |= {"2024 target": "forecast", "2024年目标": "forecast"}


@pytest.mark.parametrize(("head", "status"), OTHERS.items())
def test_other_marks(head: str, status: str) -> None:
    (series,) = from_text(f"Region,2021,2022,{head}\nNorth,12,13,15\n")
    last = series.observations[-1]
    assert (last.status, last.target) == (status, status == "forecast")
    assert bool(series.reading_notes) == (status == "forecast")


def test_other_texts_are_no_marked_years() -> None:
    for text in (
        "12E",
        "E2024",
        "2024 growth",
        "CAGR 2021-2024E",
        "value",
        "2024E (bn)",
        "1E5",
        "",
    ):
        assert isinstance(read_head(text), Problem), text


def test_a_part_of_a_year_has_a_mark() -> None:
    head = read_head("2024Q1E")
    assert (str(head.period), head.mark and head.mark.status) == ("2024Q1", "forecast")


def test_a_status_column_keeps_its_meaning_beside_a_mark() -> None:
    for status in ("preliminary", "estimate", "forecast"):
        (series,) = from_text(f"year,value,status\n2023,15,actual\n2024E,30,{status}\n")
        (plain,) = from_text(f"year,value,status\n2023,15,actual\n2024,30,{status}\n")
        assert series.observations[-1].status == plain.observations[-1].status == status
        assert plain.reading_notes == ()


@pytest.mark.parametrize("flag", ["e", "p", "E", "P", "bp", "r", "b", "", "d e"])
def test_the_flags_of_an_agency_are_history(flag: str) -> None:
    status = {"e": "estimate", "p": "preliminary", "bp": "preliminary", "d e": "estimate"}.get(
        flag.lower(), "actual"
    )
    (column,) = from_text(f"year,value,flag\n2022,13,\n2023,15,{flag}\n2024,16,p\n")
    assert [observation.status for observation in column.observations] == [
        "actual",
        status,
        "preliminary",
    ]
    unused = set(flag) - set("epEPr ")
    codes = ["flagged_breaks" if "b" in unused else "left_out"] * bool(unused)
    assert [note.code for note in column.reading_notes] == codes
    if not unused:
        for behind in (f"15{flag.replace(' ', '')}", f"15 {flag}"):
            (after,) = from_text(f"year,value\n2022,13\n2023,{behind}\n")
            assert (after.observations[-1].value, after.observations[-1].status) == (15, status)


@pytest.mark.parametrize(
    ("head", "year"),
    [("2O24", 2024), ("20l4", 2014), ("2024#", 2024), ("FY2O24", 2024), ("20244", 0), ("0", 0)],
)
def test_a_mistyped_year_is_left_out_with_the_likely_year(head: str, year: int) -> None:
    likely = f"not a year; {year}" if year else "a year outside 1 to 9999"
    assert mistyped(head).startswith(likely)
    (series,) = from_text(f"Region,2021,2022,2023,{head}\nNorth,12,13,15,30\n")
    assert len(series.observations) == 3
    (note,) = series.reading_notes
    assert f"column '{head}' ({likely}" in str(note)
    assert (note.code, note.warning) == ("mistyped_year", True)


QUARTERS = [
    (2020, 1, 10),
    (2020, 2, 11),
    (2020, 3, 12),
    (2020, 4, 15),
    (2021, 1, 20),
    (2021, 2, 21),
    (2021, 3, 22),
]
QUARTERS += [(2021, 4, 25), (2022, 1, 30)]
LONG = "period,value\n" + "".join(f"{year}Q{number},{value}\n" for year, number, value in QUARTERS)
HEADS = ",".join(f"Q{n} {year}" for year, n, _ in QUARTERS)
WIDE = f"name,{HEADS}\na,{','.join(str(value) for *_, value in QUARTERS)}\n"
BY_DATE = "date,value\n" + "".join(
    f"{year}-{3 * n - 2:02d}-01,{value}\n" for year, n, value in QUARTERS
)
SEARCHED = "Sales by quarter\nin bn\n\n" + LONG


def years(series: Series) -> dict[str, float]:
    return {period: value for period, value in points(series).items() if period.isdigit()}


@pytest.mark.parametrize(
    "text", [LONG, WIDE, BY_DATE, SEARCHED], ids=["long", "wide", "dates", "searched"]
)
@pytest.mark.parametrize(
    ("measure", "wanted", "how"),
    [
        ("flow", (48, 88), "sum"),
        ("stock", (15, 25), "last"),
        ("rate", (12, 22), "mean"),
        ("price", (12, 22), "mean"),
    ],
)
def test_whole_years_by_measure(
    text: str, measure: str, wanted: tuple[float, float], how: str
) -> None:
    (series,) = from_text(text, measure=measure)
    assert years(series) == {"2020": wanted[0], "2021": wanted[1]}
    assert list(annual(series).values) == list(wanted)
    (note,) = [note for note in series.reading_notes if note.code == "whole_years"]
    assert how in str(note)
    assert note.warning


def test_a_measure_that_the_file_does_not_say_is_asked_for() -> None:
    for text in (LONG, WIDE, BY_DATE):
        (series,) = from_text(text)
        assert years(series) == {}
        with pytest.raises(InputError, match="no value of a whole year") as caught:
            annual(series)
        assert "measure='flow'" in caught.value.hint
    text = (
        LONG.replace("value", "value,measure")
        .replace("\n", ",flow\n")
        .replace("measure,flow", "measure")
    )
    assert years(from_text(text)[0]) == {"2020": 48, "2021": 88}
    (share,) = from_text(LONG.replace("value", "share (%)"))
    assert years(share) == {"2020": 12, "2021": 22}


def test_months_of_several_series_each_for_itself() -> None:
    months = [f"{date(2020, month, 1):%b}" for month in range(1, 13)]
    rows = product((("a", 1), ("b", 2)), (2020, 2021), months)
    lines = [f"{name},{month}/{year},{value}" for (name, value), year, month in rows]
    assert lines.pop() == "b,Dec/2021,2"
    first, second = from_text("id,month,value\n" + "\n".join(lines) + "\n", measure="flow")
    assert years(first) == {"2020": 12, "2021": 12}
    assert years(second) == {"2020": 24}


def test_a_year_with_a_missing_part_is_no_year() -> None:
    with pytest.raises(InputError, match="2021 is missing"):
        from_text(
            LONG.replace("2022Q1,30\n", "2022,100\n").replace("2021Q2,21\n", ""), measure="flow"
        )


def test_a_published_year_is_kept_beside_its_parts() -> None:
    assert years(from_text(LONG + "2020,47\n", measure="flow")[0]) == {"2020": 47, "2021": 88}


def test_what_a_part_says_of_itself_holds_for_the_year() -> None:
    text = LONG.replace("value", "value,status").replace("\n", ",\n").replace("status,", "status")
    (series,) = from_text(text.replace("2021Q4,25,", "2021Q4,25,preliminary"), measure="flow")
    statuses = {str(one.period): one.status for one in series.observations if one.period.is_year}
    assert statuses == {"2020": "actual", "2021": "preliminary"}
    forecast = from_text(text.replace("2021Q4,25,", "2021Q4,25,forecast"), measure="flow")[0]
    assert years(forecast) == {"2020": 48}


def test_the_parts_of_the_last_year_come_with_the_command_that_uses_them(
    tmp_path: Path, cli: Cli
) -> None:
    path = tmp_path / "my sales.csv"
    path.write_text("id," + LONG.replace("\n", "\nmy id,", 9).rstrip("my id,"), encoding="utf-8")
    token = spelling.set(TYPED)
    series = read_one(str(path), ReadOptions(series_id="my id", measure="flow"))
    spelling.reset(token)
    (note,) = [note for note in series.reading_notes if note.code == "open_year"]
    assert "2022Q1" in note.text
    command = shlex.split(note.advice.removeprefix("See "))
    assert command[:2] == ["rural-forecast", "nowcast"]
    done = cli(*command[1:], "--format", "csv")
    assert (done.code, rows(done.out)[0]["period"]) == (0, "2022")
    codes = [note.code for one in read(str(path)) for note in one.reading_notes]
    assert "whole_years" not in codes


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("quarter", "{n}"),
        ("Quarter", "Q{n}"),
        ("Period", "Q0{n}"),
        ("month", "{m}"),
        ("Period", "M{m:02d}"),
    ],
)
def test_a_year_and_its_part_in_two_columns(name: str, form: str) -> None:
    lines = [f"{year},{form.format(n=n, m=3 * n)},{value}" for year, n, value in QUARTERS[:8]]
    (series,) = from_text("\n".join([f"Year,{name},Sales", *lines, ""]), measure="stock")
    assert years(series) == {"2020": 15, "2021": 25}
    assert [note.code for note in series.reading_notes if note.code == "left_out"] == []
    swapped = [
        ",".join((part, year, value)) for year, part, value in (line.split(",") for line in lines)
    ]
    (other,) = from_text("\n".join([f"{name},Year,Sales", *swapped, ""]), measure="stock")
    assert points(other) == points(series)


def test_an_annual_row_beside_months_in_a_column_is_the_year() -> None:
    rows = "".join(
        f"X,{year},M{month:02d},{month}\n" for year in (2020, 2021) for month in range(1, 13)
    )
    (series,) = from_text(f"Series ID,Year,Period,Value\n{rows}X,2020,M13,6.5\nX,2021,M13,6.6\n")
    assert years(series) == {"2020": 6.5, "2021": 6.6}


@pytest.mark.parametrize("written", ["20q2", "202Q1", "20H1", "20M05"])
def test_a_part_of_a_year_needs_all_digits_of_the_year(written: str) -> None:
    cause = read_head(written)
    assert isinstance(cause, Problem)
    error = refused(f"year,value\n2010,1\n2011,2\n{written},3\n2013,4\n")
    assert error.value == written


@pytest.mark.parametrize("letter", "KT")
@pytest.mark.parametrize(("name", "has_quarters"), [("product", False), ("Kvartal", True)])
def test_a_letter_with_a_number_is_a_quarter_only_in_a_column_of_quarters(
    name: str, letter: str, has_quarters: bool
) -> None:
    lines = [f"{year},{letter}{number},{number}" for year in (2019, 2020) for number in (1, 2)]
    series = from_text("\n".join([f"year,{name},value", *lines, ""]))
    periods = {period for one in series for period in points(one)}
    assert ("2019Q1" in periods) == has_quarters
    assert len(series) == (1 if has_quarters else 2)
