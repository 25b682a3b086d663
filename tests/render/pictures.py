"""Pictures made by hand, so that tests of drawing need no forecast; and fonts, on which no test may depend."""

import pytest

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Label, Line, Mark, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.render.drawing import font_folder, require_fonts

NASTY = '<script>alert(1)</script> & \x1b[31m"quoted" $x^2$'


def fan(points: int = 3, first: float = 180.0, ratio: float = 1.6, title: str = "Rural online shopping") -> Picture:
    """A fan of two years after `points` years."""
    years = tuple(range(2017 - points, 2017))
    values = tuple(round(first * ratio**step, 2) for step in range(points))
    last = values[-1]
    ahead, xs = (last, last * ratio, last * ratio**2), (2016, 2017, 2018)
    bands = tuple(
        Band(f"{level} %", xs, (last, *(v / wide for v in ahead[1:])), (last, *(v * wide for v in ahead[1:])), level)
        for level, wide in ((80, 1.4), (95, 1.8))
    )
    return Picture(
        plot=Course(
            lines=(Line("observed", years, values), Line("consensus", xs, ahead, MAIN, "dashed")),
            bands=bands,
            marks=(Mark(2017, last * ratio * 0.96, "published by AliResearch"), Mark(2016, last * 0.95, "floor")),
            labels=(
                Label(ahead[-1], f"{ahead[-1]:,.1f}", "consensus", MAIN, strong=True),
                *(Label(edge, f"{edge:,.1f}", level=b.level) for b in bands for edge in (b.lower[-1], b.upper[-1])),
            ),
            origin=2016,
        ),
        title=title,
        subtitle=f"{ahead[-1]:,.1f} bn CNY in 2018",
        about="Spending by rural buyers on online shopping, sized by researchers from platform data and surveys",
        unit="bn CNY",
        source="Source: a trade article.",
        alternative="A fan chart.",
    )


def ranges() -> Picture:
    """Three models against a consensus."""
    rows = (
        Row("consensus", 786.0, ((80, 542.0, 1140.0), (95, 446.0, 1388.0)), ("786",), MAIN, strong=True),
        Row("Random walk with drift", 784.0, ((80, 541.0, 1137.0), (95, 440.0, 1380.0)), ("784",), PLAIN),
        Row("Last value", 482.0, ((80, 333.0, 699.0), (95, 270.0, 820.0)), ("482",), PLAIN),
    )
    return Picture(
        plot=Ranges(rows, ("2018",), 786.0, "consensus, 786"), title="Every model", unit="bn CNY",
        source="Source: a trade article.", alternative="Models side by side.",
    )  # fmt: skip


def has_chinese() -> bool:
    """Find a font for Chinese characters."""
    resvg = pytest.importorskip("resvg_py")
    try:
        require_fonts("农村网络零售额乡", resvg, font_folder("png"))
    except UsageError:
        return False
    return True
