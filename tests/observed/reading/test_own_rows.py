"""Rows in our own columns, as commands write them."""

from tests.observed.reading.reading import one


def test_a_value_that_the_rule_does_not_take_is_passed_over() -> None:
    text = (
        "series_id,period,value,source,used\na,2020,1,x,true\na,2020,9,y,False\na,2021,2,x,True\n"
    )
    assert [observed.passed_over for observed in one(text).observations] == [False, True, False]


def test_growth_of_rows_of_a_user_is_evidence() -> None:
    text = "series_id,period,value,growth_pct\na,2020,1,\na,2021,2,50\n"
    assert [observed.value for observed in one(text).growth] == [50]


def test_growth_beside_the_values_of_another_file_is_no_evidence() -> None:
    text = "Country,Year,Sales,growth_pct\nA,2020,1,\nA,2021,2,50\nB,2020,1,\nB,2021,2,50\n"
    assert not one(text, series_id="A", value_column="Sales").growth
