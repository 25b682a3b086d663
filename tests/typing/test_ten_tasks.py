"""The ten commonest tasks, as users write them: the test runs them, and `poe lint` checks them in
strict mode.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import rural_forecast as rf

SALES = {
    2014: 180.0,
    2015: 353.0,
    2016: 482.0,
    2017: 510.0,
    2018: 602.0,
    2019: 668.0,
    2020: 740.0,
    2021: 801.0,
}


def many() -> pd.DataFrame:
    sizes = {"north": 1.0, "south": 0.4}
    rows = [
        (name, year, value * size) for name, size in sizes.items() for year, value in SALES.items()
    ]
    return pd.DataFrame(rows, columns=["region", "year", "sales"])


def forecast_values() -> tuple[float, float, float]:
    """1: the number of a year, and its 80 % range."""
    best = rf.forecast(SALES, year=2025).best
    return best.last, *best.ends(0)


def forecast_one_of_a_file(file: Path) -> rf.Forecast:
    """2: one series of a file with several."""
    return rf.forecast(rf.series(file, series_id="north"), year=2025)


def draw(file: Path) -> rf.Chart:
    """3: a picture, shown in a notebook and saved."""
    chart = rf.forecast(SALES, year=2025).plot(title="Sales")
    chart.save(file)
    return chart


def tabulate() -> pd.DataFrame:
    """4: a table with ranges."""
    return rf.forecast(SALES, year=2025, levels=[80, 95]).to_frame()


def forecast_many() -> pd.DataFrame:
    """5: every series of a frame."""
    return rf.forecast_frame(many(), year=2025)


def cross_validate() -> float:
    """6: the error of two models on many series, by rolling origins."""
    tested = rf.cross_validation(many(), h=2, windows=3, models=["consensus", "drift"])
    return float((tested["consensus"] - tested["y"]).abs().mean())


def compare() -> rf.Comparison:
    """7: every model on one series."""
    return rf.compare(SALES, year=2025, opinions=False)


def chance_of_a_target() -> float:
    """8: the chance of being at 1,000 or above in 2025."""
    return rf.forecast(SALES, year=2025).chance(1000).at_or_above[-1]


class Flat:
    """9: a model of one's own."""

    name = "flat"

    def fit(self, values: NDArray[np.float64]) -> "Flat":
        self.last = values[-1]
        self.spread = np.diff(values).std()
        return self

    def paths(self, horizon: int, draws: int) -> NDArray[np.float64]:
        steps = np.random.default_rng(1).normal(0.0, self.spread, (draws, horizon))
        return np.asarray(self.last + steps.cumsum(axis=1), dtype=np.float64)


def compare_own_model() -> rf.Comparison:
    """9: next to ours."""
    return rf.compare(SALES, models=[Flat()], opinions=False)


def keep_and_score(file: Path) -> rf.Scores:
    """10: kept today, scored when the next years have come."""
    file.write_text(rf.forecast(SALES, year=2023).to_json())
    return rf.score(file, actuals=SALES | {2022: 860.0, 2023: 905.0})


def saturate() -> rf.Forecast:
    """A market that saturates; other arguments by name."""
    return rf.forecast(
        rf.series(SALES, unit="m CNY"), year=2030, ceiling=(1200, 1500), since=2015, basis="levels"
    )


def hold_results() -> list[object]:
    """Check that each function gives a typed result."""
    frame = pd.DataFrame({"year": [*SALES], "sales": [*SALES.values()]})
    paths: NDArray[np.float64] = rf.forecast(frame).paths(100)
    tests: rf.Backtest = rf.backtest(pd.Series(SALES), horizon=2)
    future: rf.Scenarios = rf.scenario(SALES, rf.Scenario("slow", growth=(1, 3)), year=2025)
    pace: rf.Growth = rf.growth("turnover", "mofcom")
    alike: rf.Precedents = rf.precedents([*SALES.items()])
    known: rf.Nowcast = rf.nowcast(SALES, year=2022, partial=["2022H1=400"])
    drivers: rf.Sizing = rf.size("rural_retailer", draws=1000)
    nixtla: pd.DataFrame = rf.forecast(SALES).to_frame(names="nixtla")
    again: rf.Forecast = rf.from_json(rf.forecast(SALES).to_json())
    text: str = rf.forecast(SALES).explain()
    moved: rf.Revision = rf.forecast(SALES, year=2025).revise(SALES | {2022: 860.0})
    return [paths, tests, future, pace, alike, known, drivers, nixtla, again, text, moved]


@pytest.mark.slow
def test_the_tasks_run(tmp_path: Path) -> None:
    file = tmp_path / "regions.csv"
    many().to_csv(file, index=False)
    value, low, high = forecast_values()
    assert low < value < high
    assert forecast_one_of_a_file(file).best.last == value
    assert draw(tmp_path / "sales.svg").svg
    assert tabulate()["period"].tolist() == [2022, 2023, 2024, 2025]
    assert [*forecast_many().columns[:2]] == ["region", "year"]
    assert cross_validate() > 0
    assert compare().forecast.best.last == value
    assert 0 < chance_of_a_target() < 1
    assert "flat" in {line.given.model for line in compare_own_model().lines}
    assert keep_and_score(tmp_path / "kept.json").to_frame()["period"].tolist() == [2022, 2023]
    assert saturate().best.last < 1500
    assert all(found is not None for found in hold_results())
