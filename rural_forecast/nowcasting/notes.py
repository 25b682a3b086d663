"""The notes of a nowcast: what was used and why, the parts of the year before, where the whole years begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.notes import Note, without_code
from rural_forecast.nowcasting.parts import BOUNDS, Part
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import capital, listed, named_months, spans


def notes(result: Nowcast) -> Iterator[Note]:
    """Every fact once, the known part first."""
    yield from _parts(result)
    yield from _bases(result)
    yield from _votes(result)
    of_years = result.annual.notes if result.annual else result.series.reading_notes
    yield from without_code(of_years, "learned_later", "parts_of_year", "open_year")  # parts are used here


def _parts(result: Nowcast) -> Iterator[Note]:
    left, replaced = ([known.part for known in result.parts if known.use == use] for use in ("inside", "replaced"))
    left.sort(key=lambda part: -part.period.length)
    inside = [part for part in left if part.months <= result.choice.months]
    crossing = [part for part in left if part not in inside]
    used = f"Of {result.year} the longest known part is used, {_named(result.choice.used)}"
    if inside:
        yield Note("longest_part", f"{used}; not what lies inside it, {_named(inside)}.")
    if crossing:
        yield Note("overlapping_part", f"{used}; not what overlaps it, {_named(crossing)}.")
    if replaced:
        yield Note("typed_parts", f"Typed parts replace {_named(replaced)}.")
    for part in result.choice.used:
        months = named_months(part.months)
        if part.weak in BOUNDS.values():
            side = "too low" if part.weak == BOUNDS[">"] else "too high"
            bound = f"{part.weak} {number(part.value or 0)}"
            yield Note("inexact_part", f"{capital(months)} is {bound}, so the nowcast is likely {side}.")
        elif part.weak:
            yield Note("preliminary_part", f"{capital(months)} is {part.weak} and may be revised.")
        if part.borrowed:
            growth = f"The growth of {months}, {part.growth_pct:+g} %"
            yield Note("growth_of_longer_part", f"{growth}, is the one published for {part.period}.")


def _named(parts: Sequence[Part]) -> str:
    return listed(
        f"{named_months(part.months)} ({number(part.value)})"
        if part.value is not None
        else f"the growth of {named_months(part.months)} ({part.growth_pct:+g} %)"
        for part in parts
    )


def _bases(result: Nowcast) -> Iterator[Note]:
    """Note on the same part of the year before: the used one, else the longest inside it that was weak at first."""
    earlier, now = result.year - 1, result.base
    lines = sorted(result.parts, key=lambda known: (known.use != "used", -known.part.period.length))
    for part, base in ((known.part, known.base) for known in lines if known.use != "replaced"):
        if base is None or base.how not in ("replaced", "floor"):
            continue
        bound = f"{base.weak} " if base.weak in BOUNDS.values() else ""
        first = f"{capital(named_months(part.months))} of {earlier} was first published as {bound}"
        then = "so it is not used"
        if base.implied is not None:
            release = f"{number(part.value or 0)} and {part.growth_pct:+g} %"
            then = f"and {release} imply {rounded(base.implied)}, which replaces it"
        yield Note("weak_base", f"{first}{number(base.published or 0)}, {then}.")
        break
    months = f"{capital(named_months(result.choice.months))} of {earlier}"
    if now and now.how == "restated":
        implied = f"the growth published since implies {rounded(now.implied or 0)} ({now.gap_pct:+.1f} %)"
        text = f"{months} is published as {number(now.published or 0)}, but {implied}: the base was restated, and the "
        both = " Share and growth both vote, and the interval spans them."
        text += "whole year may have been." + (both if {"share", "growth"} <= result.vote.keys() else "")
        yield Note("restated_base", text)
    if now and now.how == "published" and now.weak:
        yield Note("preliminary_base", f"{months} is {now.weak}, and no known growth implies a final one.")


def _votes(result: Nowcast) -> Iterator[Note]:
    months, voted, annual = named_months(result.choice.months), result.vote.keys(), result.annual
    if {"share", "growth"} <= voted:
        yield Note(
            "joint_weights",
            "Share and growth rest on nearly the same information: their weights were learned together.",
        )
    if "rest" in voted:
        text = "Not all amounts are positive: the votes count alike, and the interval is not calibrated."
        yield Note("not_positive", text)
    if "calendar" in voted:
        how = "other parts of earlier years are used instead" if result.bend is not None else "no season is known"
        yield Note("no_season", f"No earlier year has {months} on this basis: {how}, so the interval is wide.")
    if result.choice.value is None and "growth" not in voted:
        text = f"The growth of {months} is not used, as the total of {result.year - 1} is not known."
        yield Note("unused_growth", text)
    broken = [year for year in result.series.breaks if year <= result.year]
    if annual is None:
        first = f"{max(broken)} is the first year on a new basis; no earlier year is used." if broken else ""
        yield Note("no_earlier_year", first or "No earlier year is known, so there is no annual forecast.")
    if annual is None or result.actual or result.as_of:
        yield Note("learned_later", f"The weights and the models were trained on data from after {result.year}.")
    seen = annual.history.observations if annual else ()
    summed = [one.period.year for one in seen if one.derivation and one.derivation.how == "sum"]
    if summed:
        years = "years" if len(summed) > 1 else "a year"
        yield Note("summed", f"The parts of {spans(summed)} are summed to {years}.")
