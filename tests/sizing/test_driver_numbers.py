"""Numbers of drivers that look like numbers and are none."""

import pytest

from rural_forecast.errors import InputError
from tests.sizing.build import model


def test_a_number_with_a_sign_left_over_is_refused() -> None:
    text = 'title = "x"\nunit = "bn CNY"\nyears = [2026]\nformula = "a"\n[drivers.a]\nunit = "bn CNY"\nvalue = "4_"\n'
    with pytest.raises(InputError, match="is not a number"):
        model(text)
