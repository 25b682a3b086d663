"""The tables of real results on terminals of every width: each part names its rows."""

from collections.abc import Callable, Sequence

import pytest

import rural_forecast as rf
from rural_forecast.document.table import Document
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns
from rural_forecast.render.table import blocks
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.views import backtest, compare, growth, nowcast, project, scenario, series, size

NAMES = ("slow", "slower", "the slowest", "d", "e")
DOCUMENTS: dict[str, Callable[[], Document]] = {
    "project": lambda: project.document(rf.forecast(rf.read("turnover"), levels=(50, 80, 95, 99))),
    "models": lambda: project.document(rf.forecast(rf.read("mofcom"), until=2021, models=["drift", "theta", "naive"])),
    "compare": lambda: compare.document(rf.compare(rf.read("turnover"), opinions=False)),
    "backtest": lambda: backtest.document(rf.backtest(rf.read("mofcom"))),
    "growth": lambda: growth.document(rf.growth(*map(rf.read, ("mofcom", "users", "villages")), all_years=True)),
    "nowcast": lambda: nowcast.document(rf.nowcast(rf.read("mofcom"), year=2017, until=2016)),
    "size": lambda: size.document(rf.size("rural_online_retail", draws=1000)),
    "scenario": lambda: scenario.document(
        rf.scenario(rf.read("mofcom"), *(Scenario(name, growth=2.0) for name in NAMES))
    ),
    "series": lambda: series.everything(rf.read("mofcom")),
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return DOCUMENTS[request.param]()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.slow
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
