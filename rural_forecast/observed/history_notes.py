"""Notes on a history: the values that are not used, and those that are no figures as published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rural_forecast.errors import option
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases, Linked
from rural_forecast.observed.findings import TOLERANCE_PCT, growth_of, in_one
from rural_forecast.observed.levels import OWN_GROWTH, Restated
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.yearly import ByYear, LeftOut, Why
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import are, counted, spans


def on_publication(series: Series, as_of: date | None) -> Iterator[Note]:
    """Yield a note on what a vintage leaves out."""
    if as_of is None:
        return
    observations = (*series.observations, *series.growth)
    dates = [obs.published_latest for obs in observations if obs.status != "forecast"]
    later = counted(sum(day is not None and day > as_of for day in dates), "later value")
    undated = f", and {dates.count(None):,} undated" if None in dates else ""
    yield Note(
        "vintage",
        f"Only what had surely been published by {as_of} is used: {later} left out{undated}.",
    )


def on_years(
    series: Series,
    start: int,
    end: int,
    used: ByYear,
    left_out: Iterable[LeftOut],
    gap: list[int],
    bases: Bases | None,
) -> Iterator[Note]:
    """Yield notes on years that are left out; those before `since` go without saying."""
    linked = bases.linked() if bases else None
    by_reason: dict[Why, list[int]] = {}
    for unused in left_out:
        by_reason.setdefault(unused.why, []).append(unused.observation.period.year)

    earlier = by_reason.get("break")
    # A year that is restated has a sentence of its own.
    if earlier and start in series.breaks:
        caveat = f" ({series.caveat})" if series.caveat else ""
        yield Note("earlier_basis", f"{_on_earlier(start, earlier, linked)}{caveat}.")

    later = by_reason.get("new basis")
    if later:
        text = f"{spans(later)} cannot be compared with the years used here"
        yield Note("later_basis", f"The basis changes in {end}: {text}.")

    if gap:
        before = by_reason.get("gap", [])
        text = f"{spans(before)} {are(before)} not used, and nothing is filled"
        run = f"only the run from {min(used)} on is used"
        yield Note("gap", f"No value for {spans(gap)}: {run}; {text}.")


def _on_earlier(start: int, earlier: list[int], linked: Linked | None) -> str:
    """Say what the years before a break count for."""
    begins = f"{start} is the first year on a new basis"
    if linked is None:
        return f"{begins}: {spans(earlier)} {are(earlier)} on the earlier one and not used"
    growing = [year for year in earlier if year >= linked.first]
    unused = [year for year in earlier if year < linked.first]
    text = f"{begins}: of {spans(growing)}, on the earlier one, growth alone counts"
    if linked.filled:
        missing = counted(len(linked.filled), "missing year")
        years = f"{growing[0]} to {growing[-1]} ({missing} filled)"
        text = f"{begins}: of {years} growth alone counts"
    link = linked.links[0]
    if link.growth_pct is not None:
        when = f"into {link.year}"
        if link.year - link.before > 1:
            when = f"a year from {link.before} to {link.year}"
        how = "as published" if link.published else "as the years around it grew"
        text += f", and {_points(link.growth_pct)} {when}, {how}"
    if unused:
        text += f"; {spans(unused)} {are(unused)} not used"
    return text


def _points(pct: float) -> str:
    return f"{pct:+.1f} %".replace("-", "−")


def on_restated(restated: Sequence[Restated], last: int, *, of_file: bool) -> Iterator[Note]:
    """Say which years are on a new basis, as published growth contradicts levels."""
    years = [year for year in restated if year.year <= last]
    if not years:
        return
    latest = years[-1]
    growth = f"growth of {latest.published_pct:.3g} % is published"
    of_levels = f"levels give {latest.levels_pct:.2g} %"
    text = f"{latest.year} is on a new basis: {growth}, {of_levels}."
    if len(years) > 1:
        every = spans(year.year for year in years)
        text = f"{every} are each on a new basis: {growth} for {latest.year}, {of_levels}."
    advice = f"{option('basis', 'levels')} follows the levels." if of_file else ""
    yield Note("restated_basis", text, warning=of_file, advice=advice)


def on_values(used: Sequence[Observation], published: ByYear, *, chained: bool) -> Iterator[Note]:
    """Yield notes on values that are not exact figures as published."""
    exact = [obs for obs in used if obs.period.year in published]
    if chained:
        yield _on_chained(used, published)
        exact = [obs for obs in exact if not obs.derived]
    else:
        ours = [obs for obs in used if obs.period.year not in published]
        if ours:
            values = "; ".join(map(_with_arithmetic, ours))
            yield Note("derived", f"Derived from the next year's published growth: {values}.")
        for status, word in (("preliminary", "preliminary"), ("estimate", "estimated")):
            flagged = [obs for obs in exact if obs.status == status]
            if not flagged:
                continue
            years = spans(obs.period.year for obs in flagged)
            how = "; ".join(obs.note for obs in flagged if obs.derived and obs.note)
            how = f" ({how})" if how else ""
            yield Note(status, f"{years} {are(flagged)} {word}{how}.")

    for mark, word in (("~", "rounded"), (">", "a floor"), ("<", "an upper figure")):
        marked = [obs.period.year for obs in exact if obs.qualifier == mark]
        if marked:
            yield Note("inexact", f"{spans(marked)} {are(marked)} {word}, used as if exact.")


def _with_arithmetic(obs: Observation) -> str:
    how = obs.derivation.arithmetic if obs.derivation else obs.note
    return f"{obs.period} = {number(obs.value)} ({how})"


def on_growth(used: ByYear, published: ByYear, rates: ByYear, *, chained: bool) -> Iterator[Note]:
    """Yield a note on published growth that the published levels contradict."""
    levels = {Period(year): obs for year, obs in published.items()}
    inside = {
        Period(year): rate for year, rate in rates.items() if year in used and year - 1 in used
    }
    yield from in_one(
        growth_of(levels, inside),
        f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} %",
        of_file=any(obs.place for obs in published.values()) and not chained,
        advice="" if chained else f"{option('basis', 'chained')} follows the growth.",
    )


def _on_chained(used: Sequence[Observation], published: ByYear) -> Note:
    first = used[0]
    last = used[-1]
    own = [obs.period.year + 1 for obs in used if obs.derivation == OWN_GROWTH]
    kept = f" (that of the levels in {spans(own)}, where none is published)" if own else ""
    start = f"{number(round(first.value, 2))} in {first.period}"
    before = published.get(first.period.year)
    if before:
        start += f", published as {number(before.value)}"
    return Note(
        "chained",
        f"Levels are rebuilt backwards from {number(last.value)} ({last.period}) "
        f"with the published growth{kept}: {start}.",
    )
