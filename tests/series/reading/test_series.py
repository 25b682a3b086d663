"""What the rows of one series must keep to."""

from io import BytesIO

import pytest

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.series.reading import ReadOptions, read_one
from tests.series.reading.reading import from_text, points


def test_a_gap_is_refused_unless_asked_for_and_never_filled() -> None:
    text = "year,value\n2014,1\n2018,2\n2019,3\n"
    with pytest.raises(InputError, match=r":3: .* from 2014 to 2018; 2015, 2016, 2017 are missing") as caught:
        from_text(text)
    assert "allow_gaps=True" in caught.value.hint
    assert points(from_text(text, allow_gaps=True)[0]) == {"2014": 1, "2018": 2, "2019": 3}


def test_forecasts_and_parts_of_years_make_no_gap() -> None:
    (series,) = from_text("period,value,status\n2016,482,actual\n2017H1,538,actual\n2020,900,forecast\n")
    assert [str(one.period) for one in series.observations] == ["2016", "2017H1", "2020"]


def test_one_period_may_have_several_sources_each_once() -> None:
    (series,) = from_text("year,value,source\n2016,482,a\n2016,894.5,b\n")
    assert [one.value for one in series.observations] == [482, 894.5]
    with pytest.raises(InputError, match=r":3: column 'value': '9' is a second value of 2016 from source 'a'; .*:2"):
        from_text("year,value,source\n2016,482,a\n2016,9,a\n")


def test_a_source_may_forecast_a_year_and_report_it_later() -> None:
    (series,) = from_text("year,value,source,status\n2017,600,a,forecast\n2017,610,a,actual\n")
    assert [one.status for one in series.observations] == ["actual", "forecast"]


def test_one_date_a_year_is_the_year_and_several_are_its_parts() -> None:
    assert points(from_text("date,value\n2015-12-31,1\n2016-12-31,2\n")[0]) == {"2015": 1, "2016": 2}
    assert points(from_text("date,value\n2015-03-31,1\n2015-06-30,2\n")[0]) == {"2015Q1": 1, "2015Q2": 2}
    with pytest.raises(InputError, match="second value of 2015") as caught:
        from_text("date,value\n2015-03-31,1\n2015-04-07,2\n2015-04-14,2\n")
    assert "2017Q1" in caught.value.hint
    with pytest.raises(InputError, match=r":3: column 'value': '2' is a second value of 2015; the first is at .*:2"):
        from_text("date,value\n2015,1\n2015-12-31,2\n")


def test_several_series_where_one_is_wanted() -> None:
    text = "id,year,value\n" + "".join(f"s{i},2015,1\n" for i in range(20))
    with pytest.raises(
        InputError, match=r"holds 20 series, and one is wanted; what varies: 'id' \('s0', .* and 10 more"
    ) as caught:
        read_one("-", ReadOptions(), BytesIO(text.encode()))
    assert "series_id='s0'" in caught.value.hint
    assert read_one("-", ReadOptions(series_id="s7"), BytesIO(text.encode())).id == "s7"


def test_the_unit_option_serves_where_the_file_has_none() -> None:
    assert from_text("year,value\n2015,1\n", unit="bn CNY")[0].unit == "bn CNY"
    assert from_text("year,value,unit\n2015,1,kg\n", unit="bn CNY")[0].unit == "kg"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"decimal": ";"}, "is not a decimal mark"),
        ({"measure": "size"}, "is not a measure"),
        ({"sheet": "A"}, "has no sheet 'A'"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        from_text("v,w\n2015,1\n", **options)


PANEL = "Region,Product,Year,Value\n" + "".join(
    f"{region},{product},{year},{number}\n"
    for number, (region, product, year) in enumerate(
        (region, product, year)
        for region in ("North", "North East", "South")
        for product in ("Sales", "Costs", '"Food, drinks"')
        for year in (2019, 2020)
    )
)
HEADS = "Region,Year,Sales,Costs\nNorth,2019,1,2\nNorth,2020,3,4\nSouth,2019,5,6\nSouth,2020,7,8\n"
WIDE = "Region,Item,2019,2020\nNorth,Sales,1,3\nNorth,Costs,2,4\nSouth,Sales,5,7\nSouth,Costs,6,8\n"


@pytest.mark.parametrize(
    ("text", "name", "first"),
    [
        (PANEL, "North / Sales", 0),
        (PANEL, "sales, north", 0),
        (PANEL, "North East | Sal", 6),
        (PANEL, "South - Food, drinks", 16),
        (PANEL, "South · Food", 16),
        (HEADS, "South / Costs", 6),
        (HEADS, "cos; Nor", 2),
        (WIDE, "South: Sales", 5),
    ],
)
def test_a_series_is_found_by_any_part_of_several_labels(text: str, name: str, first: float) -> None:
    (series,) = from_text(text, series_id=name)
    assert series.observations[0].value == first


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nor / Sal", "choice_needed"),
        ("North / Milk", "unknown_name"),
        ("North / Sales / Costs", "unknown_name"),
        ("/", "unknown_name"),
    ],
)
def test_parts_of_several_series_are_asked_about_and_of_none_unknown(name: str, code: str) -> None:
    with pytest.raises(RuralForecastError) as caught:
        from_text(PANEL, series_id=name)
    assert caught.value.code == code


def test_a_separator_alone_names_no_series() -> None:
    with pytest.raises(RuralForecastError) as caught:
        from_text("region,year,value\nNorth / East,2016,1\nSouth,2016,2\n", series_id="/")
    assert caught.value.code == "unknown_name"
