"""The part of the gate that needs no other program: every situation and command, measured on its own coordinates."""

import pytest

from rural_forecast.render.drawing import svg
from rural_forecast.text.style import PHONE, WIDE, Size
from tests.gate.situations import CASES, astray, case, claims, headline, said
from tests.render.measured import findings, measured


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=lambda size: size.name)
@pytest.mark.parametrize("name", CASES)
def test_situation(name: str, size: Size) -> None:
    found = case(name)
    drawing = measured(svg(found.picture, size))
    wrong = [*findings(drawing), *astray(found.picture, drawing), *claims(found), *headline(found.picture)]
    wrong += said(found, drawing) if size is WIDE else ()
    assert wrong == []
