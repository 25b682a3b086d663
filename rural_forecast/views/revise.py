"""`revise` as a document: the steps from a kept answer to a newer one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Column, Document, Span, Table, Tone
from rural_forecast.record.revise import Revision, Step
from rural_forecast.text.headline import Headline
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import Digits, adding_up, digits
from rural_forecast.text.wording import are, capital, listed
from rural_forecast.version import __version__
from rural_forecast.views.about import about_series
from rural_forecast.views.columns import interval_columns
from rural_forecast.views.drawing import name_of, of_series
from rural_forecast.views.notes import remarks

COLUMNS = (
    Column("series_id"),
    Column("period", kind="year"),
    Column("step"),
    Column("value", kind="number"),
    *interval_columns((80,)),
    Column("change", kind="number"),
    Column("detail"),
)
NAMES = {"release": "release", "history": "history restated"}


def document(result: Revision) -> Document:
    """Everything `revise` says."""
    head = heading(result)
    versions = {"old": result.old.file, "new": result.new.file if result.new else result.series.id}
    return Document(
        command="revise",
        records=Table(COLUMNS, tuple(_records(result))),
        title=head.text,
        summary=(head.range,),
        sections=(_steps(result),),
        notes=remarks(result.notes),
        series=(about_series(result.series),),
        provenance={
            "version": __version__,
            "seed": None,
            "options": {**versions, "target": result.year, "origins": list(result.origins)},
        },
    )


def _records(result: Revision) -> Iterator[tuple[str | float | int | None, ...]]:
    for step in result.steps:
        about = (result.series.id, result.year, step.name)
        yield (*about, step.value, step.lower, step.upper, step.change, step.detail)


def _write(result: Revision) -> Amounts:
    """Three digits, for the steps add up."""
    first, last = result.steps[0], result.steps[-1]
    low, high = first.lower, first.upper
    ends = (first.value, first.value) if low is None or high is None else (low, high)
    return range_amounts(result.series.unit, first.value, *ends, largest=abs(last.value), digits=3)


def heading(result: Revision) -> Headline:
    """How far the answer moved, and why in one sentence."""
    write = _write(result)
    moved = _printed(result.steps[-1].value, write) - _printed(result.steps[0].value, write)
    if not moved:
        text = f"The answer for {result.year} stays at {write.full(result.steps[-1].value)}"
    else:
        text = f"The answer for {result.year} {'rose' if moved > 0 else 'fell'} by {write.full(abs(moved))}"
    return Headline(text, capital(_why(result.steps[1:])))


def _why(steps: Sequence[Step]) -> str:
    """Say in a sentence what changed."""
    if not steps:
        return "nothing changed."
    points = [step for step in steps if step.kind == "point"]
    parts = []
    higher = [step for step in points if step.expected is not None and step.came > step.expected]
    lower = [step for step in points if step.expected is not None and step.came < step.expected]
    if higher:
        parts.append(f"{listed(step.year for step in higher)} came higher than forecast")
    if lower:
        parts.append(f"{listed(step.year for step in lower)} {'lower' if higher else 'came lower than forecast'}")
    others = [step for step in steps if step.kind != "point"]
    if any(step.kind == "history" for step in others):
        parts.append("history was restated")
    if options := [step.name for step in others if step.kind == "option"]:
        parts.append(f"{listed(options)} {'was' if are(options) == 'is' else 'were'} changed")
    if any(step.kind == "release" for step in others):
        parts.append("the program's release changed")
    end = "; nothing else changed." if points and not others else "."
    return f"{', '.join(parts)}{end}"


def _printed(value: float, write: Amounts) -> float:
    """A value as it is printed, so that what is printed adds up."""
    places = write.places
    return value if places is None else round(value / write.factor, places) * write.factor


def _name(step: Step) -> str:
    if step.kind == "kept":
        return f"kept, {step.detail}"
    return f"{NAMES.get(step.name, step.name)}{' ' if step.kind == 'point' else ': '}{step.detail}"


def _steps(result: Revision) -> Table:
    write = _write(result)
    columns = (
        Column("step", "Step"),
        Column("change", "Change", "number", write.places, sign=True, factor=write.factor),
        Column("value", f"{result.year}", "number", write.places, factor=write.factor),
    )
    rows, spans = [], []
    before = result.steps[0].value
    for step in result.steps:
        change = _printed(step.value, write) - _printed(before, write)
        rows.append((_name(step), None if step.kind == "kept" else change, step.value))
        spans.append(Span(step.value, min(before, step.value), max(before, step.value)))
        before = step.value
    plain: list[Tone] = ["plain"] * (len(rows) - 1)
    return Table(columns, tuple(rows), tones=(*plain, "strong"), spans=tuple(spans))


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
