from __future__ import annotations

from io import BytesIO
from typing import Any

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read


def from_text(text: str | bytes, input_format: str = "csv", **options: Any) -> tuple[Series, ...]:
    data = text.encode() if isinstance(text, str) else text
    return read("-", ReadOptions(input_format=input_format, **options), BytesIO(data))


def points(series: Series) -> dict[str, float]:
    return {str(one.period): one.value for one in series.observations}


def check_refusal(error: RuralForecastError) -> None:
    """A refusal is one printable sentence, and says what to do."""
    assert error.message
    assert error.message.isprintable()
    assert error.hint
