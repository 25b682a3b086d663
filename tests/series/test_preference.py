import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import UsageError
from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.observation import Observation, Source
from rural_forecast.series.preference import Conflict, conflicts, prefer, preferred, published_forecasts, require_source
from tests.series.build import day, seen, series


def clashes(*observations: Observation) -> tuple[Conflict, ...]:
    return conflicts(observations, preferred(observations, {}))


def test_every_conflict_of_a_series_and_its_outcome(catalogue: Catalogue) -> None:
    market = catalogue.get("mofcom")
    found = conflicts(market.observations, preferred(market.observations, market.sources))
    assert {str(clash.period): clash.chosen.value for clash in found} == {
        "2016": 894.54, "2017H1": 537.62, "2017": 1244.88, "2018H1": 632.28, "2021M01-M09": 1429.31, "2023": 2490,
    }  # fmt: skip


SOURCES = {
    name: Source(name, reach=reach) for name, reach in (("own", "own"), ("again", "republished"), ("copy", "copy"))
}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (seen("2016", 1), seen("2016", 2.25, status="preliminary")),
        (seen("2016", 1, status="preliminary"), seen("2016", 2.25, status="estimate")),
        (seen("2016", 1, status="estimate"), seen("2016", 2.25, doubtful=True)),
        (seen("2016", 1, qualifier=">"), seen("2016", 2.25, doubtful=True)),
        (seen("2016", 1, source="copy"), seen("2016", 2.25, qualifier="~", source="own")),
        (seen("2016", 1, source="own"), seen("2016", 2.25, source="again")),
        (seen("2016", 1, source="again"), seen("2016", 2.25, source="copy")),
        (seen("2016", 2.25), seen("2016", 1, published_latest=day("2020-01-01"))),
        (seen("2016", 1, published_latest=day("2020-01-01")), seen("2016", 2, published_latest=day("2019-01-01"))),
        (seen("2016", 1, published_latest=day("2020-01-01")), seen("2016", 2)),
        (seen("2016", 1, source="a"), seen("2016", 2, source="b")),
    ],
)
def test_each_step_of_the_rule(better: Observation, worse: Observation) -> None:
    assert prefer([better, worse], SOURCES) is better
    assert prefer([worse, better], SOURCES) is better


@given(st.permutations(range(5)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        seen("2016", 10.5, source="copy"),
        seen("2016", 10, source="own", qualifier="~"),
        seen("2016", 11.25, source="own", status="estimate"),
        seen("2016", 9, source="again"),
        seen("2016", 105, source="own", doubtful=True),
    ]
    assert prefer([rows[place] for place in order], SOURCES).value == 9


@pytest.mark.parametrize(("name", "value"), [("article2017", 538), ("cgtn", 540), ("gov20170302", 537.62)])
def test_a_named_source_overrules(catalogue: Catalogue, name: str, value: float) -> None:
    ministry = catalogue.get("mofcom")
    half = [row for row in ministry.observations if str(row.period) == "2017H1"]
    assert prefer(half, ministry.sources, name).value == value
    with pytest.raises(UsageError, match="'Gartner'") as refused:
        require_source(ministry, "Gartner")
    assert "article2017" in refused.value.hint


def test_median_of_points_of_the_best_status() -> None:
    rows = [
        seen("2016", 10, source="a"),
        seen("2016", 14, source="b"),
        seen("2016", 200, source="c", qualifier=">"),
        seen("2016", 140, source="d", doubtful=True),
        seen("2016", 50, source="e", status="estimate"),
    ]
    middle = prefer(rows, {}, "median")
    assert (middle.value, middle.derived, middle.note) == (12, True, "median of 10 (a), 14 (b)")
    assert prefer(rows[:1], {}, "median") is rows[0]


def test_the_spread_is_that_of_all_values() -> None:
    (clash,) = clashes(seen("2016", 90), seen("2016", 100, published_latest=day("2020-01-01")))
    assert (clash.low, clash.high) == (90, 100)
    assert clash.spread_pct == pytest.approx(100 * 10 / clash.chosen.value)
    assert clashes(seen("2016", 90), seen("2016", 90, source="b")) == ()
    assert clashes(seen("2016", 1, status="forecast"), seen("2016", 2)) == (), "forecasts are never used"


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
    given = (("2020", 5, "IDC"), ("2020", 6, "b"), ("2021", 6, ""))
    rows = tuple(seen(period, value, source=source, **made) for period, value, source in given)
    found = published_forecasts(series({}, observations=rows))
    assert [(one.author, one.value, one.dated, one.sources) for one in found] == [
        ("IDC", 5, "2019-05-01", ("IDC",)),
        ("b", 6, "2019-05-01", ("b",)),
        ("author not named", 6, "2019-05-01", ()),
    ]
