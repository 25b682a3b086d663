"""What others forecast or plan, in a file of the user's own: never taken for what happened."""

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.series.preference import published_forecasts
from tests.inside import Cli
from tests.series.reading.reading import from_text

ROWS = "2021,60,{actual},\n2022,75,,\n2023,90,{forecast},Acme Research\n2030,150,{target},the Ministry\n"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("year,value,status,source", ("actual", "forecast", "target")),
        ("year,value,Status,source", ("Actual", "Published", "Target")),
        ("year,value,kind,source", ("actual", "published", "target")),
        ("年份,数值,状态,来源", ("实际", "预测", "目标")),
    ],
)
def test_status_or_kind_tells_forecasts_and_targets_from_what_happened(header: str, words: tuple[str, ...]) -> None:
    rows = ROWS.format(**dict(zip(("actual", "forecast", "target"), words, strict=True)))
    (series,) = from_text(f"{header}\n{rows}")
    assert [one.status for one in series.observations] == ["actual", "actual", "forecast", "forecast"]
    told = [(one.period.year, one.value, one.author, one.target) for one in published_forecasts(series)]
    assert told == [(2023, 90, "Acme Research", False), (2030, 150, "the Ministry", True)]


def test_the_date_of_a_forecast_is_as_exact_as_the_file_has_it() -> None:
    (series,) = from_text(
        "year,value,status,source,published_on\n2016,1,,,\n2017,2,forecast,a,2016-11\n2018,3,forecast,a,2016\n"
        "2019,4,forecast,a,2016-11-05\n2020,5,forecast,a,\n"
    )
    assert [one.dated for one in published_forecasts(series)] == ["2016-11", "2016", "2016-11-05", ""]


def test_a_file_in_the_form_of_the_catalogue_has_both() -> None:
    (series,) = from_text("year,value,status,kind,source\n2021,60,actual,,\n2025,90,forecast,target,Acme\n")
    assert [one.target for one in series.observations] == [False, True]


def test_a_kind_that_says_something_else_is_refused_and_not_passed_over() -> None:
    with pytest.raises(InputError, match="column 'kind': 'retail' is not a status"):
        from_text("year,value,kind\n2021,60,retail\n")


def test_a_wide_sheet_may_be_labelled_by_kind() -> None:
    assert [one.id for one in from_text("kind,2021,2022\nretail,1,2\ntravel,3,4\n")] == ["retail", "travel"]


def test_two_columns_for_one_end_of_a_range_are_refused() -> None:
    history = "".join(f"{year},{year - 2000},,,,\n" for year in range(2014, 2020))
    with pytest.raises(InputError, match="several columns could hold the high"):
        from_text(f"year,value,status,low,high,upper\n{history}2030,20,expert,15,30,80\n")


def test_a_slip_in_a_column_of_statuses_is_refused(cli: Cli, tmp_path: Path) -> None:
    """A search would leave the column out, and take the plan of 2023 as history."""
    file = tmp_path / "slip.csv"
    file.write_text(
        "id,year,value,status\n"
        + "".join(
            f"{name},{year},{year - 2000},{status if year == 2023 else 'actual'}\n"
            for name, status in (("a", "forecst"), ("b", "actual"))
            for year in range(2020, 2024)
        )
    )
    with pytest.raises(InputError, match="column 'status': 'forecst' is not a status"):
        rf.read(file, rf.ReadOptions(series_id="a"))
    run = cli("batch", file, "--horizon", "1", "-q")
    assert run.code == 5
    assert [row.split(",")[0] for row in run.out.splitlines()[1:]] == ["b"]


def test_provisional_and_projected_are_statuses() -> None:
    (series,) = from_text("year,value,status\n2021,60,actual\n2022,70,Provisional\n2023,90,projected\n")
    assert [one.status for one in series.observations] == ["actual", "preliminary", "forecast"]
