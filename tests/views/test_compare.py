"""`compare` as people see it."""

from rural_forecast.forecasting.compare import compare
from rural_forecast.series.source import read
from rural_forecast.views.answer import answer
from rural_forecast.views.compare import CORPUS, document


def test_a_horizon_that_the_corpus_does_not_know_has_no_empty_column() -> None:
    near, far = (document(compare(read("turnover"), year=year, opinions=False)) for year in (2018, 2028))
    for shown, known in ((near, True), (far, False)):
        (table,) = shown.sections
        assert any(column.key == "corpus_smape" for column in table.columns) is known
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert (CORPUS in shown.notes) is known


def test_a_model_that_backtests_better_is_named_next_to_the_answer() -> None:
    result = compare(read("express_parcels"), opinions=False)
    summary = document(result).summary
    assert summary[0].startswith(answer(result.forecast))
    assert "Linear trend" in summary[1]
