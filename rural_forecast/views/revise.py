"""`revise`: the steps from a kept answer to a newer one."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Column, Document, Span, Table, Tone
from rural_forecast.record.revision import NewBasis, Revision, Step
from rural_forecast.record.state import LEVEL
from rural_forecast.text.numbers import Amounts, digits, range_amounts
from rural_forecast.text.wording import Headline, capital, headline, listed, spans
from rural_forecast.version import __version__
from rural_forecast.views.about import documented, inputs, observed
from rural_forecast.views.lines import of_series
from rural_forecast.views.names import title_of
from rural_forecast.views.rows import Bound, WaterfallStep, waterfall
from rural_forecast.views.table import keyed, value_column

NAMES = {
    "basis": "new basis",
    "history": "history restated",
    "sizing": "model",
    "scenarios": "assumptions",
}
COLUMNS = keyed(
    "series_id period:year step value:number lower_80:number upper_80:number change:number detail"
)


def document(result: Revision) -> Document:
    """Make the document of `revise`."""
    rows = []
    for step in result.steps:
        row = (
            result.series.id,
            result.year,
            step.name,
            step.value,
            step.lower,
            step.upper,
            step.change,
            step.detail,
        )
        rows.append(row)
    options = {
        "old": result.old.file,
        "new": result.new.file if result.new else result.series.id,
        "target": result.year,
        "origins": list(result.origins),
    }
    return documented(
        "revise",
        heading(result),
        Table(COLUMNS, tuple(rows)),
        [_steps(result, _write(result))],
        result.notes,
        result.series,
        drawn=_steps(result, _drawn(result)),
        observed=lambda: inputs(observed(result.newer or result.series)),
        provenance={"version": __version__, "seed": None, "options": options},
    )


def _ends(step: Step) -> tuple[float, float] | None:
    """Give the range of an answer; None where only its value was kept."""
    return None if step.lower is None or step.upper is None else (step.lower, step.upper)


def _write(result: Revision) -> Amounts:
    """Choose how amounts are written: with three digits, so that changes add up as printed."""
    first = result.steps[0]
    last = result.steps[-1]
    low, high = _ends(first) or (first.value, first.value)
    return range_amounts(
        result.series.unit, first.value, low, high, largest=abs(last.value), digits=3
    )


def heading(result: Revision, write: Amounts | None = None) -> Headline:
    """Make the headline: how far the answer moved, and why in one sentence.

    A picture gives its own way to `write` amounts.
    """
    write = write or _write(result)
    old = result.steps[0].value
    new = result.steps[-1].value
    moved = write.printed(new) - write.printed(old)
    if moved:
        verb = "rose" if moved > 0 else "fell"
        claim = f"{verb} by {write.full(abs(moved) * write.factor)}"
    else:
        claim = f"stays at {write.full(new)}"
    claim = f"the answer for {result.year} {claim}"
    return headline(title_of(result.series), claim, capital(_why(result, write)))


def _why(result: Revision, write: Amounts) -> str:
    """Name the new years that came higher or lower than forecast, and what else changed.

    New bases stand first where they moved the answer by more than the rest did.
    """
    clauses = [*_of_new_years(result, write)]
    others = [step for step in result.steps[1:] if step.kind != "point" and not step.basis]
    if others:
        names = (NAMES.get(step.name, step.name).removesuffix(" restated") for step in others)
        clauses.append(f"{listed(dict.fromkeys(names))} changed")
    has_bases = any(step.basis for step in result.steps)
    if has_bases:
        by_bases = _moved_by_bases(result, write)
        moved = write.printed(result.steps[-1].value) - write.printed(result.steps[0].value)
        is_most = abs(by_bases) > abs(moved - by_bases)
        clauses.insert(0 if is_most else len(clauses), _of_bases(result, by_bases, write))
    has_points = any(step.kind == "point" for step in result.steps[1:])
    only_points = "; nothing else changed" if has_points and not (others or has_bases) else ""
    return f"{', '.join(clauses) or 'nothing changed'}{only_points}."


def _of_new_years(result: Revision, write: Amounts) -> Iterator[str]:
    """Say which new years came higher than forecast, lower, or as forecast."""
    higher = []
    lower = []
    alike = []
    news = []
    for step in result.steps[1:]:
        if step.kind != "point":
            continue
        if step.expected is None:
            news.append(step.name)
        elif _came_as_forecast(step, write):
            alike.append(step.name)
        elif step.came > step.expected:
            higher.append(step.name)
        else:
            lower.append(step.name)
    if higher:
        yield f"{listed(higher)} came higher than forecast"
    if lower:
        yield f"{listed(lower)} {'lower' if higher else 'came lower than forecast'}"
    if alike:
        yield f"{listed(alike)} came as forecast"
    if news:
        yield f"{listed(news)} came"


def _moved_by_bases(result: Revision, write: Amounts) -> float:
    """Add the changes by new bases, as they are printed."""
    moved = 0.0
    for before, step in pairwise(result.steps):
        if step.basis:
            moved += write.printed(step.value) - write.printed(before.value)
    return moved


def _of_bases(result: Revision, moved: float, write: Amounts) -> str:
    """Say by how much new bases moved the answer."""
    years = [step.basis.year for step in result.steps if step.basis]
    amount = write(abs(moved) * write.factor)
    several = len(years) > 1
    subject = f"new bases of {spans(years)}" if several else f"the new basis of {years[0]}"
    if not any(digit in amount for digit in "123456789"):
        return f"{subject} {'move' if several else 'moves'} nothing"
    if moved > 0:
        return f"{subject} {'add' if several else 'adds'} {amount}"
    return f"{subject} {'take' if several else 'takes'} {amount} off"


def _came_as_forecast(step: Step, write: Amounts) -> bool:
    """Check that a new value is the one that was forecast, as both are written."""
    return step.expected is not None and write.printed(step.came) == write.printed(step.expected)


def _steps(result: Revision, write: Amounts) -> Table:
    """Tabulate the steps; a change is the difference of two values as they are printed."""
    rows = []
    spans = []
    before = result.steps[0].value
    for step in result.steps:
        change = None
        if step.kind != "kept":
            change = (write.printed(step.value) - write.printed(before)) * write.factor
        rows.append((_step_name(step, write), change, step.value))
        low, high = sorted((before / write.factor, step.value / write.factor))
        spans.append(Span(step.value / write.factor, low, high))
        before = step.value
    columns = (
        Column("step", "Step"),
        value_column(write, "Change", "change")._replace(sign=True),
        value_column(write, str(result.year)),
    )
    tones: tuple[Tone, ...] = tuple(
        "strong" if step is result.steps[-1] else "plain" for step in result.steps
    )
    return Table(columns, tuple(rows), tones=tones, spans=tuple(spans))


def _step_name(step: Step, write: Amounts) -> str:
    """Name a step with its detail."""
    if step.kind == "kept":
        return f"kept, {step.detail}"
    detail = _detail(step, write)
    if step.basis:
        return f"basis of {step.basis.year}: {detail}"
    if _came_as_forecast(step, write):
        return f"{step.name} came as forecast"
    name = NAMES.get(step.name, step.name)
    return f"{name} {detail}" if step.kind == "point" else f"{name}: {detail}"


def _drawn(result: Revision) -> Amounts:
    """Choose how a picture writes amounts: in the largest unit, with a digit more."""
    first, *_ = result.steps
    write = digits(result.series.unit, first.value, first.value, _ends(first))
    return write._replace(places=(write.places or 0) + 1)


def picture(result: Revision) -> Picture:
    """Draw a waterfall from the kept answer to the newer one, with both ranges."""
    first, *changed = result.steps
    write = _drawn(result)
    steps = []
    for step in changed:
        name = f"Basis of {step.basis.year}" if step.basis else NAMES.get(step.name, step.name)
        steps.append(WaterfallStep(capital(name), _detail(step, write), step.value))
    abouts = (_range(first, write) or first.detail, _range(result.steps[-1], write))
    bounds = (_bounds(first), _bounds(result.steps[-1]))
    rows = waterfall(("Kept", "Now"), first.value, steps, write, abouts=abouts, bounds=bounds)
    about = f"Lines on bars: {LEVEL} % ranges"
    return of_series(Ranges(tuple(rows)), write, heading(result, write), result.series, about=about)


def _range(step: Step, write: Amounts) -> str:
    """Write the range of an answer; empty without one."""
    ends = _ends(step)
    if ends is None:
        return ""
    return f"{LEVEL} % range {' to '.join(write.of_range(step.value, *ends).bounds(*ends))}"


def _bounds(step: Step) -> tuple[Bound, ...]:
    """Give the range of an answer as a row has it; none without one."""
    ends = _ends(step)
    return ((LEVEL, *ends),) if ends else ()


def _detail(step: Step, write: Amounts) -> str:
    """Say what a step is."""
    if step.basis:
        return _moved_level(step.basis, write.given)
    if _came_as_forecast(step, write):
        return f"came {write.given(step.came)}, as forecast"
    if step.kind == "point" and step.expected is not None:
        return f"came {write.given(step.came)}, not {write(step.expected)}"
    return step.detail


def _moved_level(basis: NewBasis, write: Callable[[float], str]) -> str:
    """Say how a new basis moves the level of the year before it."""
    return f"{basis.before} is {write(basis.level)}, not {write(basis.as_was)}"
