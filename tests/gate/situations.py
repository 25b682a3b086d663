"""Situations of clients and every command, each as a picture with the result behind it.

`judged` lists the faults of such a picture: of its drawing, its words and its claims.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import rural_forecast as rf
from rural_forecast.document.picture import Course, Look, Panels, Picture, Ranges, Row
from rural_forecast.render.columns import prose
from rural_forecast.render.drawing import svg
from rural_forecast.text.style import MOST_WORDS, WIDE, Size
from rural_forecast.text.wording import words
from rural_forecast.views import (
    backtest,
    chart,
    compare,
    growth,
    nowcast,
    panel,
    precedents,
    project,
    revise,
    scenario,
    score,
    several,
    size,
    triangulate,
)
from tests.render.measured import Drawing, findings, measured


class Case(NamedTuple):
    picture: Picture
    result: Any = None
    document: Any = None

    @property
    def forecast(self) -> rf.Forecast | None:
        """Behind a fan, whose claims can be worked out again."""
        return self.result if isinstance(self.result, rf.Forecast) else None


def viewed(view: Any, result: Any) -> Case:
    return Case(view.picture(result), result, view.document(result))


@cache
def folder() -> Path:
    return Path(mkdtemp(prefix="gate-"))


def written(name: str, text: str) -> str:
    path = folder() / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def market(name: str, values: tuple[float, ...], unit: str = "bn CNY", title: str = "") -> str:
    first = 2026 - len(values)
    head = "series_id,year,value,unit\n"
    rows = [
        f"{title or name},{year},{value!r},{unit}\n" for year, value in enumerate(values, first)
    ]
    return written(f"{name}.csv", head + "".join(rows))


def fanned(source: str, targets: tuple[float, ...] = (), **options: Any) -> Case:
    result = rf.forecast(rf.read(source), **options)
    return Case(
        chart.picture(result, targets=targets),
        result,
        project.document(result, targets=targets, history=True),
    )


def publishers() -> Case:
    """Take the columns of a publisher, most of which have one value."""
    head = "region,parameter,mode,powertrain,category,year,unit,value\n"
    sales = (12e3, 11e3, 25e3, 36e3, 63e3, 194e3, 356e3, 471e3, 524e3, 381e3)
    rows = [
        f"Germany,EV sales,Cars,BEV,Historical,{year},Vehicles,{value}\n"
        for year, value in enumerate(sales, 2015)
    ]
    return fanned(written("publisher.csv", head + "".join(rows)), year=2028)


def regions() -> str:
    sizes = (
        ("North", 60),
        ("South", 40),
        ("East", 30),
        ("Centre", 22),
        ("West", 15),
        ("Coast", 5),
        ("Isles", 2),
    )
    rows = ["region,year,value\n"]
    for rank, (name, start) in enumerate(sizes):
        growth = 1 + 0.11 / (rank + 1)
        rows += [f"{name},{2016 + step},{start * growth**step:.2f}\n" for step in range(9)]
    return written("regions.csv", "".join(rows))


def earlier(until: int) -> rf.Forecast:
    return rf.forecast(rf.read(MOFCOM), year=2028, until=until)


def twelve() -> Case:
    forecasts = []
    for number in range(1, 13):
        values = tuple(10.0 * number * 1.05**step for step in range(8))
        path = market(f"Market {number}", values)
        forecasts.append(rf.forecast(rf.read(path), year=2028))
    return Case(several.several(forecasts))


MOFCOM = "mofcom"
TURNOVER = "turnover"
LONG = (
    "Yearly sales of goods and services to households through websites and applications in rural "
    "counties of the west"
)
SITUATIONS: dict[str, Callable[[], Case]] = {
    "founding": partial(fanned, TURNOVER, year=2018),
    "three points": lambda: fanned(market("three", (5.0, 5.4, 5.9)), horizon=3),
    "thirty smooth": lambda: fanned(
        market("thirty", tuple(100 * 1.03**step for step in range(30))), horizon=5
    ),
    "decline": lambda: fanned(
        market("decline", (900.0, 820.0, 700.0, 610.0, 480.0, 400.0)), horizon=4
    ),
    "one": lambda: fanned(market("one", (42.0,)), horizon=3),
    "crossing": lambda: fanned(market("crossing", (50.0, 20.0, 5.0, -10.0, -30.0)), horizon=3),
    "negative": lambda: fanned(market("negative", (-2.0, -8.0, -14.0, -15.0, -22.0)), horizon=3),
    "share with ceiling": lambda: fanned(
        market("share", (41.0, 52.0, 60.5, 66.0, 70.0), "percent"), horizon=5, ceiling=(80, 95)
    ),
    "millionfold": lambda: fanned(
        market("million", tuple(10.0**power for power in range(-2, 5))), horizon=3
    ),
    "twelve series": twelve,
    "panel of regions": lambda: viewed(panel, rf.panel(regions(), year=2028)),
    "scenario pair": lambda: viewed(
        scenario,
        rf.scenario(
            TURNOVER,
            rf.Scenario("plan", growth={2018: (5, 9)}),
            rf.Scenario("slow", growth=1.0),
            year=2020,
        ),
    ),
    "Chinese": lambda: fanned(
        market("农村网络零售额", (180.0, 353.0, 482.0), "bn CNY", "农村网络零售额"), horizon=2
    ),
    "long title": lambda: fanned(
        market("long", (12.0, 15.0, 17.0, 22.0), "bn CNY", LONG), horizon=3
    ),
    "target": partial(fanned, MOFCOM, (4500.0,), year=2030),
    "publisher's file": publishers,
    "logarithmic": lambda: Case(case("founding").picture._replace(logarithmic=True)),
    "three levels": partial(fanned, MOFCOM, year=2035, levels=(30, 60, 90)),
    "growth of two": lambda: Case(
        growth.picture(rf.growth("consumption_national", "consumption_rural"))
    ),
}
COMMANDS: dict[str, Callable[[], Case]] = {
    "project": partial(fanned, MOFCOM, year=2030),
    "columns": lambda: Case(chart.columns(rf.forecast(rf.read(MOFCOM), year=2030))),
    "side by side": lambda: Case(
        several.several([rf.forecast(rf.read(name), year=2027) for name in (TURNOVER, MOFCOM)])
    ),
    "compare": lambda: viewed(compare, rf.compare(TURNOVER, year=2018, opinions=False)),
    "backtest": lambda: viewed(backtest, rf.backtest(MOFCOM, models=["naive"])),
    "precedents": lambda: viewed(precedents, rf.precedents(MOFCOM, year=2030)),
    "size": lambda: viewed(size, rf.size("rural_online_retail", year=2028, draws=5000)),
    "growth": lambda: viewed(
        growth, rf.growth(*(f"consumption_{of}" for of in ("national", "rural", "urban")))
    ),
    "score": lambda: viewed(score, rf.score(*map(earlier, (2019, 2021, 2023)), actuals=MOFCOM)),
    "revise": lambda: viewed(revise, rf.revise(earlier(2022), MOFCOM, year=2028)),
    "triangulate": lambda: viewed(triangulate, rf.triangulate(MOFCOM, year=2028)),
    "nowcast": lambda: viewed(nowcast, rf.nowcast(MOFCOM, year=2017, as_of=date(2017, 8, 31))),
}
CASES = SITUATIONS | COMMANDS


@cache
def case(name: str) -> Case:
    return CASES[name]()


AMOUNT = re.compile(r"(?<![\d.])−?\d[\d,]*(?:\.\d+)?")
MARKED = ("total", "axis", "accent", "ink", "band50", "band80", "grey50", "grey80")
"""Colours of the marks of rows."""
FORBIDDEN = re.compile(
    r"\b(consensus|member|leaves|backtest|sMAPE|CRPS|MSIS|option|statsmodels|pandas|Left out)\b"
    r"|\d[eE][-+]\d|\b\d{4}(?:[HQM]\d)|\b(?!AND\b)[a-z]+_[a-z_]+\b"
)


def judged(case: Case, medium: Size, theme: str = "light") -> Iterator[str]:
    """List the faults of a case in the size of a medium; its words are judged in one."""
    drawing = measured(svg(case.picture._replace(look=Look(theme=theme)), medium), theme)  # type: ignore[arg-type]
    yield from (
        *findings(drawing),
        *astray(case.picture, drawing),
        *claims(case),
        *headline(case.picture),
    )
    if medium is WIDE and theme == "light":
        yield from faults_of_words(case, drawing)
    if medium is WIDE:  # a phone has no room for further columns
        yield from undrawn(case.picture, drawing)


def faults_of_words(case: Case, drawing: Drawing) -> Iterator[str]:
    """List the faults in the words of a picture."""
    picture = case.picture
    prose = [picture.title, picture.subtitle, picture.about, picture.unit, *picture.notes]
    count = sum(map(words, prose))
    if count > MOST_WORDS["picture"]:
        yield f"{count} words"
    count = words(picture.alternative)
    if not 0 < count <= MOST_WORDS["alternative"]:
        yield f"{count} words of alternative text"
    for text in (*drawing.words, picture.alternative):
        forbidden = FORBIDDEN.search(text)
        if forbidden:
            yield f"{forbidden[0]!r} is not for clients: {text!r}"
        if text.endswith("…"):
            yield f"cut: {text!r}"
    yield from grammar((*drawing.words, picture.alternative))
    if not isinstance(picture.plot, Panels):  # each panel may have a unit of its own
        yield from other_units(picture.unit, " ".join((*drawing.words, picture.alternative)))
    heads = [text.words for text in drawing.texts if text.size >= 14]
    amounts: Counter[str] = Counter()
    for text in (*prose, *_labels(drawing, heads)):
        amounts.update(AMOUNT.findall(text))
    for number, times in amounts.items():
        if times > 2 and len(number) > 1 and not re.fullmatch(r"(19|20)\d\d|\d\d", number):
            yield f"{number} is there {times} times"


_ONE_OF_SEVERAL = re.compile(
    r"(?<![\d.,])1 (?:years|outcomes|methods|histories|points|sources|forecasts|others|parts)\b"
    r"|\b(?:[02-9]|[1-9]\d{1,2}) (?:year|outcome|method|history|point|source|part)\b"
    r"|\bper (?:dollars|euros|years)\b"
)
_SCALED = re.compile(r"\b(?:k|m|bn|tn) [a-zA-Z]+\b")


def grammar(texts: Iterable[str]) -> Iterator[str]:
    """List counts that do not agree in number with what they count."""
    for text in texts:
        wrong = _ONE_OF_SEVERAL.search(prose(text))
        if wrong:
            yield f"{wrong[0]!r} does not agree in number"


def other_units(unit: str, text: str) -> Iterator[str]:
    """List amounts of a text in another scale than the unit of its picture, such as bn for tn.

    Only units of a scale and a word are compared, as in "tn yuan".
    """
    if not _SCALED.fullmatch(unit):
        return
    _, word = unit.split()
    for other in dict.fromkeys(_SCALED.findall(" ".join(text.split()))):
        if other.endswith(f" {word}") and other != unit:
            yield f"{other!r} beside {unit!r}"


def _labels(drawing: Drawing, heads: list[str]) -> list[str]:
    """Texts of the drawing that are neither heads nor ticks of the axis."""
    shown = {text.words for text in drawing.texts if text.colour == "quiet"}
    return [
        text.words for text in drawing.texts if text.words not in shown and text.words not in heads
    ]


def claims(case: Case) -> Iterator[str]:
    """Claims of a forecast that its rows do not bear out."""
    result = case.forecast
    picture = case.picture
    if result is None:
        return
    write = picture.amounts
    low, high = result.best.ends(result.headline)
    step = 10.0 ** -(write.places or 0)
    about = re.search(r"about ([-−]?[\d,.]+).* in (\d{4})$", picture.title)
    if about:
        value = float(about[1].replace(",", "").replace("−", "-"))
        if (
            abs(value - result.best.last / write.factor) > 0.51 * step
            or int(about[2]) != result.target
        ):
            yield f"{picture.title!r} is not {result.best.last / write.factor:g}"
    chance = re.search(r"(\d+) % chance of ([\d,.]+) ", picture.title)
    if not about and not chance and "chance of" not in picture.title:
        yield f"no claim: {picture.title!r}"
    ends = re.search(r"between ([-−]?[\d,.]+) and ([-−]?[\d,.]+)", picture.subtitle)
    for side, text, bound in zip((-1, 1), ends.groups(), (low, high), strict=True) if ends else ():
        outwards = side * (float(text.replace(",", "").replace("−", "-")) - bound / write.factor)
        if not -1e-9 * abs(bound / write.factor) <= outwards <= 1.01 * step:
            yield f"{text} is not {bound / write.factor:g}"
    if chance:
        target = float(chance[2].replace(",", "")) * write.factor
        if abs(100 * result.chance(target).at_or_above[-1] - float(chance[1])) > 0.51:
            yield f"{picture.title!r} is not the chance of the rows"


def astray(picture: Picture, drawing: Drawing) -> Iterator[str]:
    """List texts that are nearer to another bar or row than to their own."""
    plot = picture.plot
    if isinstance(plot, Course) and plot.bars:
        own_texts = _texts_of_bars(plot)
        middles = _middles_of_bars(drawing)
        # A value is left of its range: its middle is over its bar.
        texts = [((text.box.left + text.box.right) / 2, text.words) for text in drawing.texts]
    elif isinstance(plot, Ranges):
        own_texts = [_texts_of_row(row) for row in plot.rows]
        middles = _middles_of_rows(drawing, plot)
        texts = [((text.box.top + text.box.bottom) / 2, text.words) for text in drawing.texts]
        texts = [(middle, text) for middle, text in texts if middle > middles[0] - 15]
    else:
        return
    if len(middles) != len(own_texts):
        yield f"{len(middles)} bars of {len(own_texts)}"
        return
    for position, text in texts:
        distances = [abs(middle - position) for middle in middles]
        nearest = distances.index(min(distances))
        if any(text in row for row in own_texts) and text not in own_texts[nearest]:
            yield f"{text!r} is nearer to another bar"


def _texts_of_bars(plot: Course) -> list[set[str]]:
    """Collect the texts of each bar, from left to right."""
    years = sorted({x for line in plot.lines for x in line.xs})
    return [{mark.text for mark in plot.marks if mark.x == year} for year in years]


def _texts_of_row(row: Row) -> set[str]:
    return {prose(word) for word in (row.name, row.about, *row.texts, *row.ends)}


def _middles_of_bars(drawing: Drawing) -> list[float]:
    middles = set()
    for mark in (*drawing.of("rect"), *drawing.of("dot")):
        if mark.colour in ("total", "axis", "band80", "band50"):
            middles.add((mark.box.left + mark.box.right) / 2)
    return sorted(middles)


def _middles_of_rows(drawing: Drawing, plot: Ranges) -> list[float]:
    """Find the middle of each row by its marks, of which a row may have several.

    Signs beside the heads of columns are the key, and no row.
    """
    heads = [text.box for text in drawing.texts if plot.signs and text.words in plot.heads]
    below = max((box.bottom for box in heads), default=float("-inf"))
    marks = [*drawing.of("rect"), *drawing.of("dot")]
    marks += [*drawing.of("line", "ink"), *drawing.of("line", "accent")]
    middles = set()
    for mark in marks:
        is_of_row = (mark.box.top + mark.box.bottom) / 2 > below
        if is_of_row and mark.colour in MARKED and mark.box.bottom - mark.box.top < 40:
            middles.add(round((mark.box.top + mark.box.bottom) / 2))
    distinct: list[float] = []
    before = float("-inf")
    for middle in sorted(middles):
        if middle - before > 2:
            distinct.append(middle)
        before = middle
    return distinct


def headline(picture: Picture) -> Iterator[str]:
    """A headline that is too long, or that names another line than the one in the accent."""
    if words(picture.title) > MOST_WORDS["headline"]:
        yield f"{words(picture.title)} words in {picture.title!r}"
    labels = picture.plot.labels if isinstance(picture.plot, Course) else ()
    named = [label.name for label in labels if label.strong and label.name]
    strong = [name for name in named if "forecast" not in name]
    # What follows a comma is a figure of the line, such as its average.
    accented = strong[0].partition(", ")[0] if strong else ""
    if accented.casefold() not in picture.title.casefold():
        yield f"the accent is on {strong[0]!r}, which {picture.title!r} does not name"


_MOST_OF_FIGURE = 2  # words of a text that may be a figure of the headline, and no line of it


def undrawn(picture: Picture, drawing: Drawing) -> Iterator[str]:
    """A picture whose rows, lines or parts have no texts, or a share in its headline that none has.

    A chance and a mean error are of the whole picture, and of no part of it.
    """
    heads = (picture.title, picture.subtitle, picture.about, picture.source, *picture.notes)
    said = " ".join(map(prose, heads))
    labels = []
    for text in drawing.texts:
        is_line_of_head = words(text.words) > _MOST_OF_FIGURE and text.words in said
        if not is_line_of_head:
            labels.append(prose(text.words))
    if not any(map(words, labels)):
        yield "no row, line or part has a text"
    if re.search(r"chance|off on average", picture.title):
        return
    for figure in re.findall(r"[\d.,]*\d %", prose(picture.title)):
        shown = figure.removesuffix(" %") if picture.unit.startswith("%") else figure
        if not any(shown in label for label in labels):
            yield f"{figure} of {picture.title!r} is not drawn"
