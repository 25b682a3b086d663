"""Words and numbers of pictures: how many, how often, and whether they follow from the rows."""

import re
from collections import Counter
from collections.abc import Iterator

from rural_forecast.document.picture import Course, Picture, Ranges
from rural_forecast.render.columns import prose
from rural_forecast.text.style import MOST_WORDS
from rural_forecast.text.wording import words
from tests.gate.situations import Case
from tests.render.measured import Drawing

AMOUNT = re.compile(r"(?<![\d.])−?\d[\d,]*(?:\.\d+)?")
MARKED = ("total", "axis", "accent", "ink", "band50", "band80", "grey50", "grey80")
"""Colours of the marks of rows."""
FORBIDDEN = re.compile(
    r"\b(consensus|member|leaves|backtest|sMAPE|CRPS|MSIS|option|statsmodels|pandas|Left out)\b|\d[eE][-+]\d"
    r"|\b\d{4}(?:[HQM]\d)|\b(?!AND\b)[a-z]+_[a-z_]+\b"
)


def said(case: Case, drawing: Drawing) -> Iterator[str]:
    """What is wrong with the words of a picture."""
    picture = case.picture
    prose = [picture.title, picture.subtitle, picture.about, picture.unit, *picture.notes]
    count = sum(map(words, prose))
    if count > MOST_WORDS["picture"]:
        yield f"{count} words"
    if (count := words(picture.alternative)) > MOST_WORDS["alternative"] or not picture.alternative:
        yield f"{count} words of alternative text"
    for text in (*drawing.words, picture.alternative):
        if found := FORBIDDEN.search(text):
            yield f"{found[0]!r} is not for clients: {text!r}"
        if text.endswith("…"):
            yield f"cut: {text!r}"
    heads = [text.words for text in drawing.texts if text.size >= 14]
    amounts = Counter(number for text in (*prose, *_labels(drawing, heads)) for number in AMOUNT.findall(text))
    for number, times in amounts.items():
        if times > 2 and len(number) > 1 and not re.fullmatch(r"(19|20)\d\d|\d\d", number):
            yield f"{number} is there {times} times"


def _labels(drawing: Drawing, heads: list[str]) -> list[str]:
    """Texts of the drawing that are neither heads nor ticks of the axis."""
    shown = {text.words for text in drawing.texts if text.colour == "quiet"}
    return [text.words for text in drawing.texts if text.words not in shown and text.words not in heads]


def claims(case: Case) -> Iterator[str]:
    """Claims of a forecast that its rows do not bear out."""
    result, picture = case.forecast, case.picture
    if result is None:
        return
    write = picture.amounts
    low, high = result.best.ends(result.headline)
    step = 10.0 ** -(write.places or 0)
    about = re.search(r"about ([-−]?[\d,.]+).* in (\d{4})$", picture.title)
    if about:
        value = float(about[1].replace(",", "").replace("−", "-"))
        if abs(value - result.best.last / write.factor) > 0.51 * step or int(about[2]) != result.target:
            yield f"{picture.title!r} is not {result.best.last / write.factor:g}"
    chance = re.search(r"(\d+) % chance of ([\d,.]+) ", picture.title)
    if not about and not chance and "chance of" not in picture.title:
        yield f"no claim: {picture.title!r}"
    ends = re.search(r"between ([-−]?[\d,.]+) and ([-−]?[\d,.]+)", picture.subtitle)
    for text, bound in zip(ends.groups() if ends else (), (low, high), strict=False):
        if abs(float(text.replace(",", "").replace("−", "-")) - bound / write.factor) > 0.51 * step:
            yield f"{text} is not {bound / write.factor:g}"
    if chance:
        target = float(chance[2].replace(",", "")) * write.factor
        if abs(100 * result.chance(target).at_or_above[-1] - float(chance[1])) > 0.51:
            yield f"{picture.title!r} is not the chance of the rows"


def astray(picture: Picture, drawing: Drawing) -> Iterator[str]:
    """Texts that are nearer to another bar or row than to their own."""
    plot, marks = picture.plot, [*drawing.of("rect"), *drawing.of("dot")]
    if isinstance(plot, Course) and plot.bars:
        known = [{mark.text for mark in plot.marks if mark.x == year} for year in plot.years]
        found = sorted({(mark.box.left + mark.box.right) / 2 for mark in marks if mark.colour in ("total", "band50")})
        places = [(text.x, text.words) for text in drawing.texts]
    elif isinstance(plot, Ranges):
        known = [{prose(word) for word in (row.name, row.about, *row.texts, *row.ends)} for row in plot.rows]
        middles = [line for colour in ("ink", "accent") for line in drawing.of("line", colour)]
        boxes = [mark.box for mark in (*marks, *middles) if mark.colour in MARKED]
        found = sorted({round((box.top + box.bottom) / 2) for box in boxes if box.bottom - box.top < 40})
        found = [at for rank, at in enumerate(found) if not rank or at - found[rank - 1] > 2]
        places = [((text.box.top + text.box.bottom) / 2, text.words) for text in drawing.texts]
        places = [place for place in places if found[0] - 15 < place[0]]
    else:
        return
    if len(found) != len(known):
        yield f"{len(found)} bars of {len(known)}"
        return
    for at, said in places:
        nearest = min(range(len(found)), key=lambda rank: abs(found[rank] - at))
        if any(said in words for words in known) and said not in known[nearest]:
            yield f"{said!r} is nearer to another bar"


def headline(picture: Picture) -> Iterator[str]:
    """A headline that is too long, or that names another line than the one in the accent."""
    if words(picture.title) > MOST_WORDS["headline"]:
        yield f"{words(picture.title)} words in {picture.title!r}"
    labels = picture.plot.labels if isinstance(picture.plot, Course) else ()
    strong = [label.name for label in labels if label.strong and "forecast" not in label.name and label.name]
    if strong and strong[0].casefold() not in picture.title.casefold():
        yield f"the accent is on {strong[0]!r}, which {picture.title!r} does not name"
