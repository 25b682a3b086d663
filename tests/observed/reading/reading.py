from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from rural_forecast.errors import RuralForecastError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read, read_one

GERMANY = {"2018": 1.5, "2019": 2, "2020": 3.5}
FRANCE = {"2018": 5, "2019": 6, "2020": 7}
ROWS = [("DE", year, value) for year, value in GERMANY.items()]
ROWS += [("FR", year, value) for year, value in FRANCE.items()]


def from_text(text: str | bytes, **options: Any) -> tuple[Series, ...]:
    data = text.encode() if isinstance(text, str) else text
    return read("-", ReadOptions(**options), BytesIO(data))


def points(series: Series) -> dict[str, float]:
    return {str(one.period): one.value for one in series.observations}


def check_refusal(error: RuralForecastError) -> None:
    """A refusal is one printable sentence, and says what to do."""
    assert error.message
    assert error.message.isprintable()
    assert error.hint


def one(text: str | bytes, **options: Any) -> Series:
    data = text.encode() if isinstance(text, str) else text
    return read_one("-", ReadOptions(**options), BytesIO(data))


def refused(
    text: str | bytes, read: Callable[..., object] = one, **options: Any
) -> RuralForecastError:
    with pytest.raises(RuralForecastError) as caught:
        read(text, **options)
    check_refusal(caught.value)
    return caught.value
