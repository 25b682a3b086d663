"""The period parser, and the cells that readers take for periods and days."""

from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.series.reading.periods import Head, likely, names_year, read_day, read_head
from tests.fuzz.promises import refusals, require

SEEDS = [
    text.encode()
    for text in (
        "2016", "FY2017", "CY 17", "2017H1", "2017Q1", "2017-Q4", "2017M08", "2017M01-M08", "2017m1-12", "2016-12-31",
        "2016/1/5", "2016.2.29", "2016-12-31T00:00:00Z", "2016-12-31 23:59:59.5+08:00", "2016年", "2016年12月31日",
        "2016.0", "2017E", "2017 (P)", "-5", "0", "10000", "FY16", "２０１６", "9999M12",
    )
]  # fmt: skip


def test(data: bytes) -> None:
    """Read a text as a period."""
    text = data.decode("utf-8", "surrogateescape")
    with refusals(ValueError):
        _sound(parse(text))
    head = read_head(text)
    if isinstance(head, Head):
        _sound(head.period)
    require(likely(text) is None or isinstance(head, Head), "a period is none")
    if (days := read_day(text)) is not None:
        require(days[0] <= days[1], "a day ends before it begins")
    names_year(text)


def _sound(period: Period) -> None:
    require(FIRST_YEAR <= period.year <= LAST_YEAR, f"the year {period.year} was let through")
    first, last = period.months
    require(1 <= first <= last <= 12, f"months {first} to {last}")
    require(parse(str(period)) == period, f"{period} does not read back")
    require(period.contains(period) and period.end.year == period.year, f"{period} is not itself")
