"""Small models to try things on."""

from pathlib import Path

import pytest

from rural_forecast.errors import InputError
from rural_forecast.sizing.model import MarketModel, read
from rural_forecast.sizing.toml import TomlFile

MARKET = """\
title = "A market"
unit = "bn CNY"
years = 2027
formula = "users * share * spending"

[drivers.users]
value = "180..220"
unit = "million persons"
source = "a survey"

[drivers.share]
value = "0.5..0.8"
unit = "share"
assumption = true

[drivers.spending]
value = "4_000..9_000"
unit = "CNY per person and year"
assumption = true
"""


def model(text: str, folder: Path = Path()) -> MarketModel:
    return read(TomlFile.read(text.encode(), "market.toml", folder))


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        model(text)
    return caught.value


def write(folder: Path, text: str = MARKET) -> Path:
    path = folder / "market.toml"
    path.write_text(text, encoding="utf-8")
    return path
