"""A picture of hostile texts and numbers, on the terminal, as svg, and within a page."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.picture import Band, Course, Label, Line, Mark, Picture, Ranges, Row
from rural_forecast.render import formats
from rural_forecast.text.numbers import amounts
from tests.fuzz.choices import Choices, hostile
from tests.fuzz.promises import refusals
from tests.fuzz.targets.document import table
from tests.fuzz.targets.outputs import parses

SEEDS = [bytes((11 * i * i + 5 * i + salt) % 256 for i in range(500)) for salt in range(8)]


def test(data: bytes) -> None:
    """Draw a picture on the terminal, as a file and in a page."""
    choices = Choices(data)
    width = choices.one((None, 20, 60, 120))
    told = _picture(choices)
    with refusals():
        parses(formats.render(told, "table", width=width, unicode=not choices.chance(64)), "table")
    with refusals():
        parses(formats.render(told, "svg"), "svg")
    with refusals():
        parses(formats.render(_page(choices, told), "html"), "html")


def _page(choices: Choices, drawn: Picture) -> Page:
    section = Section(
        hostile(choices),
        (hostile(choices),),
        ((hostile(choices), hostile(choices)),),
        drawn,
        (table(choices),),
        (hostile(choices),),
        choices.chance(128),
    )
    chapters = (Chapter(hostile(choices), (section,), hostile(choices)),)
    pair = (hostile(choices), hostile(choices))
    sheet = Sheet(
        hostile(choices), pair, drawn, (Figure(*pair, hostile(choices)),), (pair,), table(choices), pair, pair
    )
    return Page(hostile(choices), (sheet,), chapters, hostile(choices), hostile(choices), hostile(choices))


def _picture(choices: Choices) -> Picture:
    plot = _course(choices) if choices.below(4) else _ranges(choices)
    unit = hostile(choices)
    picture = Picture(
        plot,
        hostile(choices),
        hostile(choices),
        hostile(choices),
        unit,
        amounts(unit, [_number(choices)]),
        source=hostile(choices),
        alternative=hostile(choices),
        notes=(hostile(choices),),
    )
    return replace(picture, logarithmic=picture.positive and choices.chance(128))


def _number(choices: Choices) -> float:
    number = choices.number()
    return number if abs(number) < 1e300 else 0.0


def _course(choices: Choices) -> Course:
    first = 1 + choices.below(9990)
    years = tuple(float(first + i) for i in range(1 + choices.below(8)))
    lines = tuple(
        Line(
            hostile(choices), years, tuple(_number(choices) for _ in years), choices.below(4), faint=choices.chance(32)
        )
        for _ in range(1 + choices.below(3))
    )
    ends = [sorted((_number(choices), _number(choices))) for _ in years]
    lower, upper = zip(*ends, strict=True)
    bands = (Band(hostile(choices), years, lower, upper, 80),) if choices.chance(128) else ()
    marks = tuple(Mark(years[-1], _number(choices), hostile(choices)) for _ in range(choices.below(3)))
    labels = tuple(Label(line.ys[-1], "1", hostile(choices)) for line in lines if choices.chance(128))
    return Course(lines, bands, marks, labels, years[0] if choices.chance(128) else None)


def _ranges(choices: Choices) -> Ranges:
    rows = []
    for _ in range(1 + choices.below(4)):
        lower, value, upper = sorted(_number(choices) for _ in range(3))
        rows.append(Row(hostile(choices), value, ((80, lower, upper),), hostile(choices)))
    return Ranges(tuple(rows), rows[0].value if choices.chance(128) else None, hostile(choices))
