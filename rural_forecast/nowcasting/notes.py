"""The notes of a nowcast: what was used and why, the parts of the year before, where the whole years begin."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.notes import Note, without_code
from rural_forecast.nowcasting.parts import Part
from rural_forecast.nowcasting.result import KnownPart, Nowcast
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import capital, listed, named_months, spans


def notes(result: Nowcast) -> Iterator[Note]:
    """Every fact once, the known part first."""
    yield from _parts(result)
    yield from _bases(result)
    yield from _votes(result)
    yield from _scope(result)
    of_years = result.annual.notes if result.annual else result.series.reading_notes
    yield from without_code(of_years, "learned_later", "parts_of_year", "open_year")  # parts are used here


def _parts(result: Nowcast) -> Iterator[Note]:
    left, replaced = ([known.part for known in result.parts if known.use == use] for use in ("inside", "replaced"))
    left.sort(key=lambda part: -part.period.length)
    inside = [part for part in left if part.months <= result.choice.months]
    crossing = [part for part in left if part not in inside]
    used = f"Of {result.year} the longest known part is used, {listed(map(_named, result.choice.used))}"
    if inside:
        verb = "lies" if len(inside) == 1 else "lie"
        yield Note("longest_part", f"{used}; {listed(map(_named, inside))} {verb} inside it.")
    if crossing:
        verb = "overlaps it and is" if len(crossing) == 1 else "overlap it and are"
        yield Note("overlapping_part", f"{used}; {listed(map(_named, crossing))} {verb} not used.")
    if replaced:
        verb = "is" if len(replaced) == 1 else "are"
        what = f"{listed(map(_named, replaced))} {verb} not used"
        yield Note("typed_parts", f"Typed parts replace those of the series: {what}.")
    for part in result.choice.used:
        months = named_months(part.months)
        if part.weak in ("more than", "up to"):
            side = "too low" if part.weak == "more than" else "too high"
            bound = f"{part.weak} {number(part.value or 0)}"
            text = f"{capital(months)} is published as {bound}, so the nowcast is likely {side}."
            yield Note("inexact_part", text)
        elif part.weak:
            yield Note("preliminary_part", f"{capital(months)} is {part.weak} and may be revised.")
        if part.borrowed:
            growth = f"The growth of {months}, {part.growth_pct:+g} %"
            yield Note("growth_of_longer_part", f"{growth}, is the one published for {part.period}.")


def _named(part: Part) -> str:
    if part.value is None:
        return f"the growth of {named_months(part.months)} ({part.growth_pct:+g} %)"
    return f"{named_months(part.months)} ({number(part.value)})"


def _bases(result: Nowcast) -> Iterator[Note]:
    """Note on the same part of the year before: the used one, else the longest inside it that was weak at first."""
    lines = sorted(result.parts, key=lambda known: (known.use != "used", -known.part.period.length))
    weak = [
        known for known in lines if known.use != "replaced" and known.base and known.base.how in ("replaced", "floor")
    ]
    if weak:
        yield Note("weak_base", f"{capital(_weak_base(result, weak[0]))}.")
    now, earlier, months = result.base, result.year - 1, named_months(result.choice.months)
    if now and now.how == "restated":
        part, *others = result.choice.used
        release = f"{number(part.value)} and {part.growth_pct:+g} %" if part.value is not None and not others else ""
        text = (
            f"{capital(months)} of {earlier} is published as {number(now.published or 0)}, but "
            f"{release or f'the values and growth published for {result.year}'} imply {rounded(now.implied or 0)}, "
            f"{abs(now.gap_pct):.1f} % {'above' if now.gap_pct > 0 else 'below'} it: the base was restated, and the "
            "whole year may have been restated or not."
        )
        if {"share", "growth"} <= result.vote.keys():
            text += (
                f" If it was, {result.year} comes to {rounded(result.vote['share'].value)} (by share); if not, to "
                f"{rounded(result.vote['growth'].value)} (by growth). Both vote, and the interval spans them."
            )
        yield Note("restated_base", text)
    if now and now.how == "published" and now.weak:
        text = f"{capital(months)} of {earlier} is {now.weak}, and no known growth implies a final one."
        yield Note("preliminary_base", text)


def _weak_base(result: Nowcast, known: KnownPart) -> str:
    now, earlier, months = known.base, result.year - 1, named_months(known.part.months)
    assert now is not None
    assert now.published is not None
    first = f"{now.weak} {number(now.published)}" if now.weak in ("more than", "up to") else number(now.published)
    if now.implied is None:
        return f"{months} of {earlier} is known only as {first}, so it is not used"
    assert known.part.value is not None
    text = (
        f"{months} of {earlier} was first published as {first}; {number(known.part.value)} and "
        f"{known.part.growth_pct:+g} % imply {rounded(now.implied)}, which replaces it"
    )
    if result.before and 0 < now.published < result.before:
        text += (
            f". With {number(now.published)} its share of {earlier} would have been "
            f"{100 * now.published / result.before:.1f} % instead of {100 * now.implied / result.before:.1f} %, and "
            f"{result.year} would have come to {rounded(known.part.value * result.before / now.published)}"
        )
    return text


def _votes(result: Nowcast) -> Iterator[Note]:
    months = named_months(result.choice.months)
    if {"share", "growth"} <= result.vote.keys():
        same = "Share and growth rest on nearly the same information and are not counted as independent"
        yield Note("joint_weights", f"{same}: all weights were learned together, on quarterly series summed to years.")
    if "rest" in result.vote:
        text = "Not all amounts are positive: the votes count alike, and the interval is not calibrated."
        yield Note("not_positive", text)
    if "calendar" in result.vote:
        how = "other parts of earlier years are used instead" if result.bend is not None else "no season is known"
        text = f"No earlier year has {months} on this basis: {how}, so the interval is wide."
        yield Note("no_season", text)
    if result.choice.value is None and "growth" not in result.vote:
        text = f"The growth of {months} is not used, as the total of {result.year - 1} is not known."
        yield Note("unused_growth", text)


def _scope(result: Nowcast) -> Iterator[Note]:
    """Notes on where the whole years begin, what dates from later, and which years are sums of their parts."""
    broken = [year for year in result.series.breaks if year <= result.year]
    if result.annual is None:
        first = f"{max(broken)} is the first year on a new basis; no earlier year is used." if broken else ""
        yield Note("no_earlier_year", first or "No earlier year is known, so there is no annual forecast.")
    if result.annual is None or result.actual or result.as_of:
        text = f"The weights and the models were trained on data from after {result.year}."
        yield Note("learned_later", text)
    seen = result.annual.history.observations if result.annual else ()
    derived = ((known.period.year, known.derivation) for known in seen)
    summed = [year for year, derivation in derived if derivation and derivation.how == "sum"]
    if summed:
        years = "years" if len(summed) > 1 else "a year"
        yield Note("summed", f"The parts of {spans(summed)} are summed to {years}.")
