from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.series.period import Period
from rural_forecast.series.reading.periods import NotAPeriodError, names_year, read_day, read_period
from tests.series.reading.reading import check_refusal


@pytest.mark.parametrize(
    ("cell", "period", "dated"),
    [
        ("2016", "2016", False),
        ("2016.0", "2016", False),
        (2016, "2016", False),
        (2016.0, "2016", False),
        ("2016年", "2016", False),
        ("7", "7", False),
        ("FY2017", "2017", False),
        ("2017H1", "2017H1", False),
        ("2017Q4", "2017Q4", False),
        ("2017M08", "2017M08", False),
        ("2017M01-M08", "2017M01-M08", False),
        ("2016-12-31", "2016", True),
        ("2016-12", "2016", True),
        ("2016/6/30", "2016", True),
        ("2016-12-31T00:00:00Z", "2016", True),
        ("2016-12-31 00:00:00", "2016", True),
        ("2016年12月31日", "2016", True),
        ("2016.12.31", "2016", True),
        ("２０１６", "2016", False),
        ("２０１６年", "2016", False),
        (date(2016, 12, 31), "2016", True),
        (datetime(2016, 12, 31, 5), "2016", True),  # noqa: DTZ001 - spreadsheets know no time zone
    ],
    ids=repr,
)
def test_periods(cell: object, period: str, dated: bool) -> None:
    read, is_date = read_period(cell)
    assert (str(read), is_date) == (period, dated)


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
        (42735.0, "outside 1 to 9999", "date format"),
        ("2016-02-30", "never was", ""),
        ("2016-13", "never was", ""),
        ("2017Q5", "is not a period", ""),
        ("2017M13", "is not a period", ""),
        ("FY16", "without its century", "FY2017"),
        ("31/12/2016", "is a date without its year first", "2016-12-31"),
        ("12/31/16", "is a date without its year first", "2016-12-31"),
        ("31.12.2016", "is a date without its year first", "2016-12-31"),
        ("31-Dec-2016", "is not a period", "2016-12-31"),
        ("December 2016", "is not a period", "2017M08"),
        ("20161231", "outside 1 to 9999", "2016-12-31"),
        ("1388534400", "outside 1 to 9999", "seconds since 1970"),
        (1388534400000, "outside 1 to 9999", "seconds since 1970"),
        ("9" * 5000, "is not a period", "Write 2016"),
        ("2016/17", "is a year that spans two", "FY2016"),
        ("FY2016/17", "is a year that spans two", "FY2016"),
        ("2016–2017", "is a year that spans two", "FY2016"),
        ("1999/00", "is a year that spans two", "FY1999"),
        ("2016.5", "is no whole year and no month", "2017H1"),
        ("2016.25", "is no whole year and no month", "2017H1"),
        ("2016-W05", "is a week", "sum"),
        ("2016W5", "is a week", "sum"),
        ("Q3 2016", "is not a period", "2016Q3"),
        ("h1/2016", "is not a period", "2016H1"),
        ("'16", "without its century", "in full"),
        ("平成28年", "another calendar", "common era"),
        ("令和元年", "another calendar", "common era"),
        ("民國105年", "another calendar", "common era"),
        ("พ.ศ. 2559", "another calendar", "common era"),
        ("2559 BE", "another calendar", "common era"),
        ("٢٠١٦", "is not a period", "digits 0 to 9"),
        (True, "true or false", ""),
    ],
)
def test_refusals(cell: object, problem: str, hint: str) -> None:
    with pytest.raises(NotAPeriodError) as caught:
        read_period(cell)
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_a_date_of_publication_has_bounds() -> None:
    assert read_day("2017-08-31") == (date(2017, 8, 31), date(2017, 8, 31))
    assert read_day("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert read_day(2017.0) == (date(2017, 1, 1), date(2017, 12, 31))
    with pytest.raises(ValueError, match="spring"):
        read_day("spring")


def test_small_numbers_name_no_year_beyond_doubt() -> None:
    assert not names_year("12")
    assert not names_year("2016x")
    assert names_year("2017H1")


@given(
    st.builds(
        lambda year, last, length: Period(year, last, min(length, last)),
        st.integers(1000, 9999),
        st.integers(1, 12),
        st.integers(1, 12),
    )
)
def test_what_a_period_prints_is_read_back(period: Period) -> None:
    assert read_period(str(period)) == (period, False)


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_cell_is_a_period_or_refused(cell: object) -> None:
    try:
        period, _ = read_period(cell)
    except NotAPeriodError as error:
        check_refusal(InputError(error.problem, error.hint))
    else:
        assert 1 <= period.year <= 9999
