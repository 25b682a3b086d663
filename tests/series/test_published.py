import pytest

from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.preference import published_forecasts
from tests.series.build import day, seen, series

PUBLISHED = [
    ("alibaba_rural_service_centres", "2019", "=", 100000, "Alibaba", "2014-10", 2, True),
    ("alibaba_rural_service_centres", "2021H1", "=", 150000, "Alibaba", "2018-06", 1, True),
    ("jingdong_bang_shops", "2015", "<", 1000, "JD.com", "2015-01", 1, True),
    ("jingdong_bang_shops", "2017", "=", 1500, "JD.com", "2017", 1, True),
    ("rural_online_shopping_turnover", "2014", "=", 180, "AliResearch", "2014-10-13", 2, False),
    ("rural_online_shopping_turnover", "2016", ">", 460, "AliResearch", "2014-10-13", 4, False),
    ("rural_online_shopping_turnover", "2017", "=", 600, "author not named", "2017 (second half)", 1, False),
]


def test_every_distinct_forecast_is_one(catalogue: Catalogue) -> None:
    found = [
        (name, str(f.period), f.qualifier, f.value, f.author, f.dated, len(f.sources), f.target)
        for name in dict.fromkeys(row[0] for row in PUBLISHED)
        for f in published_forecasts(catalogue.get(name))
    ]
    assert found == PUBLISHED


@pytest.mark.parametrize(
    ("as_of", "known"),
    [("2014-10-12", []), ("2014-10-13", [180, 460]), ("2017-12-30", [180, 460]), ("2017-12-31", [180, 460, 600])],
)
def test_as_of_a_day(catalogue: Catalogue, as_of: str, known: list[float]) -> None:
    assert [one.value for one in published_forecasts(catalogue.get("turnover"), as_of=day(as_of))] == known


def test_the_source_of_a_file_is_the_author_of_its_forecasts() -> None:
    made = {"status": "forecast", "published_latest": day("2019-05-01")}
    rows = (
        seen("2020", 5, source="IDC", **made),
        seen("2020", 6, source="b", **made),
        seen("2021", 6, source="", **made),
    )
    found = published_forecasts(series({}, observations=tuple(rows)))
    assert [(one.author, one.value, one.dated, one.sources) for one in found] == [
        ("IDC", 5, "2019-05-01", ("IDC",)),
        ("b", 6, "2019-05-01", ("b",)),
        ("author not named", 6, "2019-05-01", ()),
    ]
