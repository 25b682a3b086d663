import numpy as np
import pytest

from rural_forecast.forecasting.evidence import corpus_record, series_like
from rural_forecast.models.learned import rows

GROWING = np.array([100.0, 108.0, 118.0, 127.0, 140.0, 151.0, 160.0])


def test_the_class_is_told_in_words_with_what_came_next() -> None:
    like = series_like(GROWING, 4)
    assert like is not None
    assert (like.length, like.growth, like.dispersion) == ("6 to 12 points", "growth of 8 to 15 % a year", "steady")
    assert [one.horizon for one in like.next] == [1, 2, 3, 4]
    for one in like.next:
        assert one.series > 100
        assert one.growth_pct is not None
        assert list(one.growth_pct) == sorted(one.growth_pct)
        assert -20 < one.growth_pct[2] < 30


@pytest.mark.parametrize("values", [[5.0], [1.0, 0.0, 2.0], [-1.0, -2.0, -3.0]])
def test_nothing_is_like_a_single_point_or_zeros(values: list[float]) -> None:
    assert series_like(np.array(values), 3) is None
    assert corpus_record(np.array(values), "consensus", 1) is None


@pytest.mark.parametrize("model", rows("record"))
def test_the_record_of_every_model_is_plausible(model: str) -> None:
    record = corpus_record(GROWING, model, 2)
    assert record is not None
    assert record.windows >= 20
    assert model != "consensus" or record.smape < record.naive_smape
    assert corpus_record(GROWING, model, 11) is None
    assert 0 < record.smape < 40
    assert 0.7 < record.coverage_80 < 0.9
    assert 0.88 < record.coverage_95 < 0.99
