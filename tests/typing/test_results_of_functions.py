"""The type of what each function gives, by which editors complete it: `poe lint` checks it in
strict mode.

Editors follow classes and not what is passed as a bound method, so that the kind of a result is
handed on as its class.
"""

from typing import assert_type

import rural_forecast as rf

SALES = {2014: 180.0, 2015: 353.0, 2016: 482.0}


def test_each_function_gives_an_object_of_its_class() -> None:
    found = rf.forecast(SALES)
    assert_type(found, rf.Forecast)
    assert_type(rf.compare(SALES, opinions=False), rf.Comparison)
    assert_type(rf.backtest(SALES, models=["naive"]), rf.Backtest)
    assert_type(rf.precedents(SALES), rf.Precedents)
    assert_type(rf.growth(SALES), rf.Growth)
    assert_type(rf.scenario(SALES, rf.Scenario("low", growth=5.0)), rf.Scenarios)
    assert_type(rf.score(found, actuals={**SALES, 2017: 510.0}), rf.Scores)
    assert_type(rf.revise(found, {**SALES, 2017: 510.0}, year=2018), rf.Revision)
    assert_type(rf.from_json(found.to_json()), rf.Forecast)


def of_files_and_the_catalogue() -> None:
    """Name those that take longer, for the check of types alone."""
    assert_type(rf.nowcast("mofcom", year=2017), rf.Nowcast)
    assert_type(rf.triangulate("mofcom"), rf.Triangulation)
    assert_type(rf.panel("regions.csv"), rf.PanelForecast)
    assert_type(rf.size("rural_retailer"), rf.Sizing)
