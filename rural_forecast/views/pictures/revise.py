"""`revise` as a picture: a waterfall from the kept answer to the newer one, with both ranges."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.record.revise import Revision, Step
from rural_forecast.text.style import Digits, adding_up, digits
from rural_forecast.text.wording import capital
from rural_forecast.views.pictures.course import name_of, of_series
from rural_forecast.views.revise import NAMES, heading


def picture(result: Revision) -> Picture:
    """A row a step, from where the one before it ends."""
    first, head = result.steps[0], heading(result)
    ends = (first.lower, first.upper) if first.lower is not None and first.upper is not None else None
    write = digits(result.series.unit, first.value, first.value, ends)
    write = write._replace(step=write.step / 10)
    about = f"{name_of(result.series)}, the answer for {result.year}"
    rows = tuple(_rows(result, write))
    subtitle = head.range.rstrip(".")
    plot = Ranges(rows)
    return of_series(plot, write, _scaled(result, write), result.series, subtitle=subtitle, about=about)


def _scaled(result: Revision, write: Digits) -> str:
    """The headline in the unit of the picture."""
    moved = result.steps[-1].value - result.steps[0].value
    if not round(moved / write.factor / write.step):
        return heading(result).text
    return f"The answer for {result.year} {'rose' if moved > 0 else 'fell'} by {write.full(abs(moved))}"


def _rows(result: Revision, write: Digits) -> Iterator[Row]:
    first, *steps = result.steps
    yield _end("Kept", first.detail, first, write, PLAIN)
    changes = [after.value - before.value for before, after in zip(result.steps, steps, strict=False)]
    printed = adding_up([change / write.factor for change in changes], write.step) if changes else []
    at = first.value
    for step, shown in zip(steps, printed, strict=True):
        text = f"{'+' if shown >= 0 else '−'}{Digits('', 1.0, write.step)(abs(shown))}"
        ends = ("", text) if shown >= 0 else (text, "")
        name = capital(NAMES.get(step.name, step.name))
        yield Row(name, bar=(at, step.value), ends=ends, joins=step.value, about=step.detail)
        at = step.value
    yield _end("Now", "", result.steps[-1], write, MAIN)


def _end(name: str, about: str, step: Step, write: Digits, tone: int) -> Row:
    """The kept answer or the newer one: its value from zero, and its range as text."""
    span = ""
    if step.lower is not None and step.upper is not None:
        span = f"80 % range {write(step.lower)} to {write(step.upper)}"
    return Row(
        name,
        bar=(0.0, step.value),
        ends=("", write(step.value)),
        tone=tone,
        strong=True,
        about=span or about,
        joins=step.value if tone == PLAIN else None,
    )
