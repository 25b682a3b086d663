"""Long form and wide sheets: which column holds what."""

from datetime import date

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading import ReadOptions, read_one
from tests.series.reading.reading import from_text, points, refused


def test_names_are_recognised_in_any_case_and_language() -> None:
    for header in ("year,value", "Fiscal Year,Turnover", "date,y", "ds,y", "PERIOD,Sales", "年份,数值"):
        (series,) = from_text(f"{header}\n2015,1\n2016,2\n")
        assert points(series) == {"2015": 1, "2016": 2}, header


def test_the_column_beside_a_period_is_the_value_and_names_the_series() -> None:
    (series,) = from_text("year,Online retail (bn CNY)\n2015,1\n")
    assert (series.id, series.unit) == ("Online retail", "bn CNY")
    (series,) = from_text("what,when\n5,2015\n6,2016\n")
    assert (series.id, points(series)) == ("what", {"2015": 5, "2016": 6})


@pytest.mark.parametrize("text", ["a,b\n2015,2016\n", "2014,180\n2015,353\n", "2014,2400\n2015,2500\n"])
def test_two_columns_of_years_and_a_file_without_a_header_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="holds no table of years"):
        from_text(text)


def test_columns_are_chosen_by_option() -> None:
    text = "when,rural,urban,code\n2015,1,10,a\n2016,2,20,a\n"
    (series,) = from_text(text, period_column="when", value_column="Urban", id_column="code")
    assert (series.id, points(series)) == ("a", {"2015": 10, "2016": 20})
    with pytest.raises(UsageError, match="no column 'x'") as caught:
        from_text(text, value_column="x")
    assert "'rural'" in caught.value.hint


def test_several_columns_of_values_are_series_or_asked_about() -> None:
    text = "year,rural,urban\n2015,1,2\n2016,2,3\n"
    assert [one.id for one in from_text(text)] == ["rural", "urban"]
    twins = from_text("year,sold,sold\n2015,1,2\n2016,2,3\n")
    assert [(one.id, points(one)["2016"]) for one in twins] == [("sold (column 2)", 2), ("sold (column 3)", 3)]
    error = refused(text)
    assert "several columns could hold the value: 'rural', 'urban'" in error.message
    assert (error.code, "value_column='rural'" in error.hint) == ("choice_needed", True)


def test_several_series_are_kept_in_order_of_appearance() -> None:
    text = "unique_id,ds,y\nb,2015,1\na,2015,2\nb,2016,3\n"
    found = from_text(text)
    assert [(series.id, points(series)) for series in found] == [("b", {"2015": 1, "2016": 3}), ("a", {"2015": 2})]


def test_one_series_of_several_is_chosen_and_the_others_are_not_looked_at() -> None:
    text = "id,year,value\na,2015,1\nb,2015,broken\n"
    (series,) = from_text(text, series_id="a")
    assert series.id == "a"
    with pytest.raises(UsageError, match="no series 'c'") as caught:
        from_text(text, series_id="c")
    assert "'a', 'b'" in caught.value.hint


def test_optional_columns(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("data") / "market.csv"
    path.write_text(
        "year,value,source,status,published_on,unit,definition,growth_pct,note,qualifier\n"
        "2016,482,iResearch,Preliminary,2017-02,bn CNY,goods,36.6,first release,~\n"
        "2016,894.5,Ministry,actual,2017-01-20,bn CNY,goods,,,=\n"
        "2017,600,iResearch,forecast,2017,bn CNY,,,,>\n",
        encoding="utf-8",
    )
    series = read_one(str(path), ReadOptions())
    first, second, third = series.observations
    assert (series.id, series.unit, series.definition, series.file) == ("market", "bn CNY", "goods", str(path))
    assert (first.source, second.source) == ("Ministry", "iResearch")
    assert (second.status, second.qualifier, second.note, second.place) == (
        "preliminary",
        "~",
        "first release",
        f"{path}:2",
    )
    assert (second.published_earliest, second.published_latest) == (date(2017, 2, 1), date(2017, 2, 28))
    assert (third.status, third.qualifier, third.author) == ("forecast", ">", "iResearch")
    assert [(str(one.period), one.value, one.source) for one in series.growth] == [("2016", 36.6, "iResearch")]
    assert series.sources["Ministry"].publisher == "Ministry"


def test_a_growth_without_a_level_is_kept_as_growth() -> None:
    (series,) = from_text("year,value,growth_pct\n2015,,8.5\n2016,10,9\n")
    assert points(series) == {"2016": 10}
    assert [one.value for one in series.growth] == [8.5, 9.0]
    with pytest.raises(InputError, match="only growth"):
        from_text("year,value,growth_pct\n2015,,8.5\n")


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [("unit", "bn CNY", "bn USD"), ("definition", "goods", "goods and services"), ("measure", "rate", "flow")],
)
def test_one_series_has_one_unit_and_one_definition(column: str, first: str, second: str) -> None:
    with pytest.raises(InputError, match=f"column '{column}': '{second}' differs from '{first}'"):
        from_text(f"year,value,{column}\n2015,1,{first}\n2016,2,{second}\n")


def test_a_column_of_measures_is_read_where_it_holds_our_words() -> None:
    assert from_text("id,year,value,measure\na,2015,1,rate\na,2016,2,\n")[0].measure == "rate"
    assert from_text("id,year,value,measure\na,2015,1,retail sales\na,2016,2,rate\n")[0].measure == "flow"
    assert from_text("region,measure,2015,2016\nrural,stock,1,2\n")[0].measure == "stock"


def test_a_wide_sheet_with_an_id_and_remarks() -> None:
    found = from_text("name,unit,2014,2015,2016\nrural,bn,180,353,482\nurban,bn,,5,6\n")
    assert [(series.id, series.unit) for series in found] == [("rural", "bn"), ("urban", "bn")]
    assert points(found[0]) == {"2014": 180, "2015": 353, "2016": 482}
    assert points(found[1]) == {"2015": 5, "2016": 6}


def test_a_wide_sheet_of_one_row() -> None:
    assert points(from_text("2014,2015,2016\n180,353,482\n")[0]) == {"2014": 180, "2015": 353, "2016": 482}
    (series,) = from_text("year,FY2016,FY2015\nturnover,482,353\n")
    assert (series.id, points(series)) == ("turnover", {"2015": 353, "2016": 482})


def test_a_wide_sheet_names_line_and_column_in_refusals() -> None:
    with pytest.raises(InputError, match=r"standard input:3: column '2015': 'O3' is not a number"):
        from_text("name,2014,2015\na,1,2\nb,3,O3\n")
    with pytest.raises(InputError, match=r":2: in series 'a' the years jump from 2014 to 2016; 2015 is missing"):
        from_text("name,2014,2015,2016\na,1,,3\n")
    for above in ("", "Sales\n\n"):
        with pytest.raises(UsageError, match="no series 'c'"):
            from_text(f"{above}name,2014,2015\na,1,2\n", series_id="c")


def test_periods_that_carry_a_star_are_no_history() -> None:
    (series,) = from_text("name,2013,2014*,2015*\na,1,2,3\n")
    assert [one.status for one in series.observations] == ["actual", "forecast", "forecast"]
    (note,) = series.reading_notes
    assert "'2014*', '2015*' carry a star" in str(note)


def test_numbered_columns_of_a_wide_sheet_are_an_index_of_years() -> None:
    (series,) = from_text("series_id,1,2,3\nN1,5,6,7\n")
    assert (series.id, points(series)) == ("N1", {"1": 5, "2": 6, "3": 7})
