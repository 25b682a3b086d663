from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.period import Period
from rural_forecast.series.reading.periods import Head, likely, parts_of, read_day, read_head
from tests.series.reading.reading import check_refusal, from_text

PERIODS = {
    "2016": ("2016", "2016.0", 2016, 2016.0, "2016年", "２０１６", "２０１６年"),
    "7": ("7",),
    "2017": ("FY2017",),
    "2017H1": ("2017H1",),
    "2017Q4": ("2017Q4",),
    "2017M08": ("2017M08",),
    "2017M01-M08": ("2017M01-M08",),
}
DATES = ("2016-12-31", "2016-12", "2016/6/30", "2016-12-31T00:00:00Z", "2016-12-31 00:00:00", "2016年12月31日")
DATES += ("2016.12.31", date(2016, 12, 31), datetime(2016, 12, 31, 5))  # noqa: DTZ001


@pytest.mark.parametrize("cell", [cell for cells in PERIODS.values() for cell in cells], ids=repr)
def test_periods(cell: object) -> None:
    head = read_head(cell)
    assert cell in PERIODS[str(head.period)]
    assert not head.dated


@pytest.mark.parametrize("cell", DATES, ids=repr)
def test_dates(cell: object) -> None:
    head = read_head(cell)
    assert (str(head.period), head.dated) == ("2016", True)


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


@pytest.mark.parametrize("period", WRITTEN)
def test_periods_as_publishers_write_them(period: str) -> None:
    for text in WRITTEN[period].split("|"):
        assert str(read_head(text).period) == period
        found = likely(text)
        assert found is not None
        assert str(found.period) == period


def test_what_only_its_column_shows_to_be_a_year() -> None:
    texts = ("TTM", "1789-1849", "2019年三季报", "2019 Current", "12", "1,234", "1850.25", "march of 2019", "平成32年")
    assert [likely(text) for text in texts] == [None] * len(texts)


@pytest.mark.parametrize(
    ("dates", "periods"),
    [
        (["2019-01", "2019-02", "2019-03", "2020-01"], ["2019M01", "2019M02", "2019M03", "2020M01"]),
        (["2019-01-01", "2019-04-01", "2019-07-01"], ["2019Q1", "2019Q2", "2019Q3"]),
        (["2019-03-31", "2019-06-30", "2019-12-31"], ["2019Q1", "2019Q2", "2019Q4"]),
        (["31.01.2019", "28.02.2019"], ["2019M01", "2019M02"]),
        (["2019-06-30", "2019-12-31"], ["2019H1", "2019H2"]),
        (["2019-06-30", "2020-03-31"], ["2019", "2020"]),
    ],
)
def test_several_dates_a_year_are_its_parts(dates: list[str], periods: list[str]) -> None:
    found = parts_of(day for text in dates if (day := read_head(text).day))
    assert found is not None
    assert [str(period) for period in found.values()] == periods


@pytest.mark.parametrize("dates", [["2019-01-01", "2019-01-08"], ["2019-01", "2019-05"], ["2019-01", "2019-03"]])
def test_dates_at_no_known_distance_are_no_parts(dates: list[str]) -> None:
    assert parts_of(day for text in dates if (day := read_head(text).day)) is None


def test_an_unclear_date_has_no_day() -> None:
    assert read_head("01/02/2019").day is None
    assert read_head("01.02.2019").day == date(2019, 2, 1)


@pytest.mark.parametrize(
    ("cell", "problem", "hint"),
    [
        ("", "is empty", "Write 2016"),
        (None, "is empty", "Write 2016"),
        ("soon", "is not a period", "Write 2016"),
        (2016.5, "is not a period", ""),
        ("0", "outside 1 to 9999", ""),
        ("10000", "outside 1 to 9999", ""),
        (-5, "outside 1 to 9999", ""),
        (42735.0, "outside 1 to 9999", "2016-12-31"),
        ("2016-02-30", "is not a valid", ""),
        ("2016-13", "is not a valid", ""),
        ("2017Q5", "is not a period", ""),
        ("2017M13", "is not a period", ""),
        ("12/31/16", "without its century", "2016-12-31"),
        ("20161231", "outside 1 to 9999", "2016-12-31"),
        ("9" * 5000, "is not a period", "Write 2016"),
        ("2016.5", "is no whole year and no month", "2017H1"),
        ("2016.25", "is no whole year and no month", "2017H1"),
        ("2016-W05", "is a week", "Sum"),
        ("2016W5", "is a week", "Sum"),
        ("FY1", "is not a period", "FY2017"),
        ("2O16", "is not a period", ""),
        ("20l6", "is not a period", ""),
        ("Q5 2016", "is not a period", ""),
        ("平成32年", "another calendar", "common era"),
        ("'16", "without its century", "in full"),
        ("พ.ศ. 2559", "another calendar", "common era"),
        ("2559 BE", "another calendar", "common era"),
        ("௨௦௧௬", "is not a period", "digits 0 to 9"),
        (True, "true or false", ""),
    ],
)
def test_refusals(cell: object, problem: str, hint: str) -> None:
    refused = read_head(cell)
    assert isinstance(refused, Problem)
    assert problem in refused.problem
    assert hint in refused.hint


def test_a_date_of_publication_has_bounds() -> None:
    assert read_day("2017-08-31") == (date(2017, 8, 31), date(2017, 8, 31))
    assert read_day("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert read_day(2017.0) == (date(2017, 1, 1), date(2017, 12, 31))
    assert read_day("spring") is None


@given(
    st.builds(
        lambda year, last, length: Period(year, last, min(length, last)),
        st.integers(1000, 9999),
        st.integers(1, 12),
        st.integers(1, 12),
    )
)
def test_what_a_period_prints_is_read_back(period: Period) -> None:
    assert read_head(str(period)) == Head(period)


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_cell_is_a_period_or_refused(cell: object) -> None:
    head = read_head(cell)
    if isinstance(head, Problem):
        check_refusal(InputError.of(head))
    else:
        assert 1 <= head.period.year <= 9999


YEARS = ["{y}", "{y} [YR{y}]", "Y{y}", "({y}) {y}", "{y}_x_Value", "31.12.{y}", "{y}年", "FY{y}", "{y}/{n:02d}"]
YEARS += ["{y}/{z}", "{y}JJ00", "{y}-{n:02d} ....", "{y}*", "{y} (a)", "{y}²", "{y} estimate", "{y}-12-31"]
YEARS += ["{y}年年报", "Dec 31, {y}"]


@given(st.integers(1700, 2100), st.sampled_from(YEARS))
def test_a_year_reads_back_in_every_form(year: int, form: str) -> None:
    text = form.format(y=year, z=year + 1, n=(year + 1) % 100)
    assert read_head(text).period == Period(year)
    found = likely(text)
    assert found is not None
    assert found.period == Period(year)


@given(st.integers(1969, 2068), st.sampled_from(["FY{s:02d}", "{s:02d}/{n:02d}", "FY{s:02d}/{n:02d}"]))
def test_two_digits_of_a_year(year: int, form: str) -> None:
    assert read_head(form.format(s=year % 100, n=(year + 1) % 100)).period == Period(year)


@given(st.integers(1700, 2100), st.sampled_from(YEARS), st.integers(0, 3), st.sampled_from("OolIZSB"))
def test_a_letter_in_place_of_a_digit_is_no_period(year: int, form: str, place: int, letter: str) -> None:
    text = form.format(y=str(year)[:place] + letter + str(year)[place + 1 :], z=year + 1, n=(year + 1) % 100)
    assert isinstance(read_head(text), Problem)


def test_years_of_an_era_are_named() -> None:
    for text, year in (("109年", 2020), ("平成20年", 2008)):
        (series,) = from_text(f"年別,總計\n{text},5\n")
        assert [str(seen.period) for seen in series.observations] == [str(year)]
        (note,) = [note for note in series.reading_notes if note.code == "era_years"]
        assert f"{text} is {year}" in str(note)
