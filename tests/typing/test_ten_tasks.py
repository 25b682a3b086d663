"""The ten commonest tasks run; `poe lint` holds their types."""

from pathlib import Path

import pytest

from tests.typing import ten_tasks

pytestmark = pytest.mark.slow


def test_the_tasks_run(tmp_path: Path) -> None:
    file = tmp_path / "regions.csv"
    ten_tasks.many().to_csv(file, index=False)
    value, low, high = ten_tasks.forecast_values()
    assert low < value < high
    assert ten_tasks.forecast_one_of_a_file(file).best.last == value
    assert ten_tasks.draw(tmp_path / "sales.svg").svg
    assert ten_tasks.tabulate()["period"].tolist() == [2022, 2023, 2024, 2025]
    assert [*ten_tasks.forecast_many().columns[:2]] == ["region", "year"]
    assert ten_tasks.cross_validate() > 0
    assert ten_tasks.compare().forecast.best.last == value
    assert 0 < ten_tasks.chance_of_a_target() < 1
    assert "flat" in {line.given.model for line in ten_tasks.compare_own_model().lines}
    assert ten_tasks.keep_and_score(tmp_path / "kept.json").to_frame()["period"].tolist() == [2022, 2023]
    assert ten_tasks.saturate().best.last < 1500
    assert all(found is not None for found in ten_tasks.hold_results())
