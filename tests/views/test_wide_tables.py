"""The tables of real results on terminals of every width: each part names its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from rural_forecast.document.table import Document
from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.compare import compare
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns
from rural_forecast.render.table import blocks
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.growth import growth
from rural_forecast.series.source import read
from rural_forecast.sizing.size import size
from rural_forecast.views import backtest as backtest_view
from rural_forecast.views import compare as compare_view
from rural_forecast.views import growth as growth_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views import project as project_view
from rural_forecast.views import scenario as scenario_view
from rural_forecast.views import series as series_view
from rural_forecast.views import size as size_view

DOCUMENTS: dict[str, Callable[[], Document]] = {
    "project": lambda: project_view.document(forecast(read("turnover"), levels=(50, 80, 95, 99))),
    "models": lambda: project_view.document(forecast(read("mofcom"), until=2021, models=("drift", "theta", "naive"))),
    "compare": lambda: compare_view.document(compare(read("turnover"), opinions=False)),
    "backtest": lambda: backtest_view.document(backtest(read("mofcom"))),
    "growth": lambda: growth_view.document(growth(*map(read, ("mofcom", "users", "villages")), all_years=True)),
    "nowcast": lambda: nowcast_view.document(nowcast(read("mofcom"), year=2017, until=2016)),
    "size": lambda: size_view.document(size("rural_online_retail", draws=1000)),
    "scenario": lambda: scenario_view.document(
        scenario(read("mofcom"), *(Scenario(name, growth=2.0) for name in ("slow", "slower", "the slowest", "d", "e")))
    ),
    "series": lambda: series_view.everything(read("mofcom")),
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return DOCUMENTS[request.param]()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_every_part_tells_its_rows_apart_and_parts_no_explanation(document: Document, width: int) -> None:
    for table in people_tables(document):
        columns = read_columns(table)
        kinds = distinct(columns, len(table.rows))
        for part in blocks(columns, width):
            places = [next(at for at, one in enumerate(columns) if one is column) for column in part.columns]
            assert distinct(part.columns, len(table.rows)) == kinds, part
            for place in places:
                assert not columns[place].follows or place - 1 in places


def distinct(columns: Sequence[ReadColumn], rows: int) -> int:
    """How many rows the columns that are no values tell apart."""
    named = [column.cells for column in columns if not column.measured]
    return len({tuple(cells[row] for cells in named) for row in range(rows)})
