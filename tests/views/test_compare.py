"""`compare` as people see it."""

from rural_forecast.forecasting.compare import compare
from rural_forecast.series.source import read
from rural_forecast.views.compare import CORPUS, document


def test_a_horizon_that_the_corpus_does_not_know_has_no_empty_column() -> None:
    near, far = (document(compare(read("turnover"), year=year, opinions=False)) for year in (2018, 2028))
    for shown, known in ((near, True), (far, False)):
        (table,) = shown.sections
        assert any(column.key == "corpus_smape" for column in table.columns) is known
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert (CORPUS in shown.notes) is known
