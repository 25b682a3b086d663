"""`revise`: the steps from a kept answer to a newer one."""

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Column, Document, Span, Table, Tone
from rural_forecast.record.revise import Revision, Step
from rural_forecast.text.numbers import Amounts, digits, range_amounts
from rural_forecast.text.wording import Headline, capital, listed
from rural_forecast.version import __version__
from rural_forecast.views.about import documented
from rural_forecast.views.chart import name_of, of_series, waterfall
from rural_forecast.views.table import keyed, value_column

NAMES = {"history": "history restated", "sizing": "model", "scenarios": "assumptions"}
COLUMNS = keyed(
    "series_id period:year step value:number lower_80:number upper_80:number change:number detail"
)


def document(result: Revision) -> Document:
    """Everything `revise` says."""
    versions = {"old": result.old.file, "new": result.new.file if result.new else result.series.id}
    options = {**versions, "target": result.year, "origins": list(result.origins)}
    made = {"version": __version__, "seed": None, "options": options}
    records = Table(
        COLUMNS, tuple((result.series.id, result.year, *step[1:7]) for step in result.steps)
    )
    head = heading(result)
    sections = [_steps(result)]
    return documented(
        "revise", head, records, sections, result.notes, result.series, provenance=made
    )


def _ends(step: Step) -> tuple[float, float] | None:
    return None if step.lower is None or step.upper is None else (step.lower, step.upper)


def _write(result: Revision) -> Amounts:
    first = result.steps[0]
    last = result.steps[-1]
    ends = _ends(first) or (first.value, first.value)
    # Which add up.
    return range_amounts(result.series.unit, first.value, *ends, largest=abs(last.value), digits=3)


def heading(result: Revision, write: Amounts | None = None) -> Headline:
    """How far the answer moved, and why in one sentence; `write` as for a forecast."""
    write = write or _write(result)
    old = result.steps[0].value
    new = result.steps[-1].value
    moved = write.printed(new) - write.printed(old)
    how = f"{'rose' if moved > 0 else 'fell'} by {write.full(abs(moved) * write.factor)}"
    text = how if moved else f"stays at {write.full(new)}"
    points = [step for step in result.steps[1:] if step.kind == "point"]
    others = [
        NAMES.get(step.name, step.name).removesuffix(" restated")
        for step in result.steps[1:]
        if step.kind != "point"
    ]
    higher = [
        step.name for step in points if step.expected is not None and step.came > step.expected
    ]
    lower = [
        step.name for step in points if step.expected is not None and step.came < step.expected
    ]
    news = [step.name for step in points if step.expected is None]
    below = "lower" if higher else "came lower than forecast"
    verbs = (
        (higher, "came higher than forecast"),
        (lower, below),
        (news, "came"),
        (others, "changed"),
    )
    said = ", ".join(f"{listed(names)} {verb}" for names, verb in verbs if names)
    why = f"{said or 'nothing changed'}{'; nothing else changed' if points and not others else ''}."
    return Headline(f"The answer for {result.year} {text}", capital(why))


def _steps(result: Revision) -> Table:
    """A row a step; a change is the difference of two values as they are printed."""
    write = _write(result)
    rows = []
    spans = []
    before = result.steps[0].value
    for step in result.steps:
        change = None if step.kind == "kept" else write.printed(step.value) - write.printed(before)
        name = (
            f"{NAMES.get(step.name, step.name)}{' ' if step.kind == 'point' else ': '}{step.detail}"
        )
        rows.append((f"kept, {step.detail}" if step.kind == "kept" else name, change, step.value))
        low, high = sorted((before / write.factor, step.value / write.factor))
        spans.append(Span(step.value / write.factor, low, high))
        before = step.value
    changed = Column("change", "Change", "number", write.places, sign=True)
    columns = (Column("step", "Step"), changed, value_column(write, str(result.year)))
    tones: tuple[Tone, ...] = tuple(
        "strong" if step is result.steps[-1] else "plain" for step in result.steps
    )
    return Table(columns, tuple(rows), tones=tones, spans=tuple(spans))


def picture(result: Revision) -> Picture:
    """A waterfall from the kept answer to the newer one, with both ranges."""
    first, *changed = result.steps
    write = digits(result.series.unit, first.value, first.value, _ends(first))
    write = write._replace(places=(write.places or 0) + 1)
    steps = []
    for step in changed:
        detail = step.detail
        if step.kind == "point" and step.expected is not None:  # in the unit of the picture
            detail = f"came {write.observed(step.came)}, not {write.observed(step.expected)}"
        steps.append((capital(NAMES.get(step.name, step.name)), detail, step.value))
    known = map(_ends, (first, result.steps[-1]))
    kept, now = (
        f"80 % range {write(ends[0])} to {write(ends[1])}" if ends else "" for ends in known
    )
    rows = waterfall(("Kept", "Now"), first.value, steps, write, abouts=(kept or first.detail, now))
    about = f"{name_of(result.series)}, the answer for {result.year}"
    return of_series(Ranges(tuple(rows)), write, heading(result, write), result.series, about=about)
