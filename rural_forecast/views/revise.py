"""`revise`: the steps from a kept answer to a newer one."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Column, Document, Span, Table
from rural_forecast.record.revise import Revision, Step
from rural_forecast.text.headline import Headline, Writer
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import digits
from rural_forecast.text.wording import are, capital, listed
from rural_forecast.version import __version__
from rural_forecast.views.about import about_series, remarks
from rural_forecast.views.drawing import name_of, of_series, waterfall
from rural_forecast.views.table import Ends, end_fields, tabulated, toned, value_column

NAMES = {"history": "history restated", "sizing": "model", "scenarios": "assumptions"}


def document(result: Revision) -> Document:
    """Everything `revise` says."""
    head = heading(result)
    versions = {"old": result.old.file, "new": result.new.file if result.new else result.series.id}
    return Document(
        command="revise",
        records=_records(result),
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


def _records(result: Revision) -> Table:
    def ends(step: Step) -> Ends:
        return [(step.lower, step.upper)]

    return tabulated(
        result.steps,
        (Column("series_id"), lambda _: result.series.id),
        (Column("period", kind="year"), lambda _: result.year),
        (Column("step"), lambda step: step.name),
        (Column("value", kind="number"), lambda step: step.value),
        *end_fields((80,), ends),
        (Column("change", kind="number"), lambda step: step.change),
        (Column("detail"), lambda step: step.detail),
    )


def _ends(step: Step) -> tuple[float, float] | None:
    return None if step.lower is None or step.upper is None else (step.lower, step.upper)


def _write(result: Revision) -> Amounts:
    """Three digits, for the steps add up."""
    first, last = result.steps[0], result.steps[-1]
    ends = _ends(first) or (first.value, first.value)
    return range_amounts(result.series.unit, first.value, *ends, largest=abs(last.value), digits=3)


def heading(result: Revision, write: Writer | None = None) -> Headline:
    """How far the answer moved, and why in one sentence; `write` as for a forecast."""
    write, old, new = write or _write(result), result.steps[0].value, result.steps[-1].value
    moved = write.printed(new) - write.printed(old)
    about = f"The answer for {result.year}"
    if not moved:
        text = f"{about} stays at {write.full(new)}"
    else:
        text = f"{about} {'rose' if moved > 0 else 'fell'} by {write.full(abs(moved) * write.factor)}"
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
        parts.append(f"{listed(step.name for step in higher)} came higher than forecast")
    if lower:
        parts.append(f"{listed(step.name for step in lower)} {'lower' if higher else 'came lower than forecast'}")
    others = [step for step in steps if step.kind != "point"]
    if news := [step.name for step in steps if step.kind == "point" and step.expected is None]:
        parts.append(f"{listed(news)} came")
    if restated := [step.name for step in others if step.kind == "history"]:
        parts.append("history was restated" if restated == ["history"] else f"new data of {listed(restated)}")
    if options := [NAMES.get(step.name, step.name) for step in others if step.kind == "option"]:
        parts.append(f"{listed(options)} {'was' if are(options) == 'is' else 'were'} changed")
    if any(step.kind == "release" for step in others):
        parts.append("the program's release changed")
    end = "; nothing else changed." if points and not others else "."
    return f"{', '.join(parts)}{end}"


def _name(step: Step) -> str:
    if step.kind == "kept":
        return f"kept, {step.detail}"
    return f"{NAMES.get(step.name, step.name)}{' ' if step.kind == 'point' else ': '}{step.detail}"


def _steps(result: Revision) -> Table:
    """A row a step; a change is the difference of two values as they are printed."""
    write = _write(result)
    columns = (
        Column("step", "Step"),
        Column("change", "Change", "number", write.places, sign=True),
        value_column(write, str(result.year)),
    )
    rows, spans, before = [], [], result.steps[0].value
    for step in result.steps:
        change = None if step.kind == "kept" else write.printed(step.value) - write.printed(before)
        rows.append((_name(step), change, step.value))
        low, high = sorted((before / write.factor, step.value / write.factor))
        spans.append(Span(step.value / write.factor, low, high))
        before = step.value
    table = Table(columns, tuple(rows), spans=tuple(spans))
    return toned(table, ("strong" if step is result.steps[-1] else "plain" for step in result.steps))


def picture(result: Revision) -> Picture:
    """A waterfall from the kept answer to the newer one, with both ranges."""
    first, *changed = result.steps
    write = digits(result.series.unit, first.value, first.value, _ends(first))
    write = write._replace(step=write.step / 10)

    def detail(step: Step) -> str:
        """In the unit of the picture where it is amounts."""
        if step.kind != "point" or step.expected is None:
            return step.detail
        return f"came {write.seen(step.came)}, not {write.seen(step.expected)}"

    steps = [(capital(NAMES.get(step.name, step.name)), detail(step), step.value) for step in changed]
    known = map(_ends, (first, result.steps[-1]))
    kept, now = (f"80 % range {write(ends[0])} to {write(ends[1])}" if ends else "" for ends in known)
    abouts = kept or first.detail, now
    plot = Ranges(tuple(waterfall(("Kept", "Now"), first.value, steps, write, abouts=abouts)))
    about = f"{name_of(result.series)}, the answer for {result.year}"
    return of_series(plot, write, heading(result, write), result.series, about=about)
