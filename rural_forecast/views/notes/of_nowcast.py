"""The notes of a nowcast: what was used and why, the parts of the year before, published estimates."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.table import Remark
from rural_forecast.forecasting.forecast import LEARNED_LATER
from rural_forecast.notes import without_code
from rural_forecast.nowcasting.parts import Part
from rural_forecast.nowcasting.result import KnownPart, Nowcast, PublishedEstimate, Vote
from rural_forecast.nowcasting.votes import SHARES
from rural_forecast.text.numbers import number, percent, rounded
from rural_forecast.text.wording import capital, listed, named_months, sentence, spans
from rural_forecast.views.about import title_of, within
from rural_forecast.views.notes import remarks

Coded = Iterator[tuple[str, str]]
"""Codes of notes with their texts."""


def notes(result: Nowcast) -> tuple[Remark, ...]:
    """Every fact once, the known part first."""
    own = (*_parts(result), *_bases(result), *_votes(result), *_scope(result))
    of_years = result.annual.notes if result.annual else result.series.reading_notes
    of_years = without_code(of_years, LEARNED_LATER.code, "parts_of_year", "open_year")  # parts are used here
    remarked = (Remark(sentence(text), code=code) for code, text in own)
    return (*remarks(result.warnings), *remarked, *remarks(of_years))


def why(result: Nowcast, vote: Vote) -> str:
    """What a vote rests on, in a few words."""
    known = named_months(result.choice.months)
    grew = percent(100 * (result.growth or 0), ",.1f")
    match vote.voter:
        case "share":
            return f"{capital(known)} was {_shares(result)}"
        case "growth":
            same = "share" in result.vote and abs(result.vote["share"].value / vote.value - 1) < 0.001
            text = f"{rounded(result.before or 0)} in {result.year - 1}, and {known} grew by {grew}"
            return f"{text}; the same information as the share" if same else text
        case "smoothing":
            return f"The run of the parts, season by season, over {result.smoothed_years} years"
        case "annual":
            years = result.annual.history.years if result.annual else ()
            return f"Whole years alone, {spans(years)}" if len(years) > 1 else f"The whole year {years[0]} alone"
        case "rest":
            return f"{capital(known)}, and the rest of {result.year - 1} once more"
    months = f"{len(result.choice.months)} of 12 months"
    if result.bend is not None:
        return f"{months}, filled as the known parts of earlier years fill theirs"
    if result.growth is not None:
        return f"{months} without seasons, growing steadily by {grew} a year"
    return f"{months} without seasons{', growing as the annual forecast' if result.before is not None else ''}"


def verdict(result: Nowcast, estimate: PublishedEstimate) -> str:
    """Where a published figure lies, and that it is on another definition if it is."""
    return f"{_place(result, estimate)}; another definition" if estimate.related else _place(result, estimate)


def _place(result: Nowcast, estimate: PublishedEstimate) -> str:
    value, months = estimate.figure.value, named_months(result.choice.months)
    if result.choice.value is not None and value < result.choice.value:
        return f"less than the {rounded(result.choice.value)} of {months} alone"
    if value < result.from_the_part and value < result.lower[0]:
        return f"below what {months} alone implies, {rounded(result.from_the_part)}"
    return within(value, result.value, result.levels, result.lower, result.upper)


def overtaken(result: Nowcast) -> Iterator[str]:
    """A sentence for each published estimate below what the known part implies."""
    limit = min(result.from_the_part, result.lower[0])
    for estimate in result.estimates:
        if estimate.figure.value < limit and estimate.figure.qualifier != ">":
            about = f", for {title_of(estimate.series)}: another definition" if estimate.related else ""
            published = (
                f"The {rounded(estimate.figure.value)} published for {result.year} ({estimate.figure.author}{about})"
            )
            yield f"{published} is {_place(result, estimate)}."


def _parts(result: Nowcast) -> Coded:
    left, replaced = ([known.part for known in result.parts if known.use == use] for use in ("inside", "replaced"))
    left.sort(key=lambda part: -part.period.length)
    inside = [part for part in left if part.months <= result.choice.months]
    crossing = [part for part in left if part not in inside]
    used = listed(map(_named, result.choice.used))
    if inside:
        verb = "lies" if len(inside) == 1 else "lie"
        what = f"{listed(map(_named, inside))} {verb} inside it"
        yield "longest_part", f"Of {result.year} the longest known part is used, {used}; {what}"
    if crossing:
        verb = "overlaps it and is" if len(crossing) == 1 else "overlap it and are"
        what = f"{listed(map(_named, crossing))} {verb} not used"
        yield "overlapping_part", f"Of {result.year} the longest known part is used, {used}; {what}"
    if replaced:
        verb = "is" if len(replaced) == 1 else "are"
        yield "typed_parts", f"Typed parts replace those of the series: {listed(map(_named, replaced))} {verb} not used"
    for part in result.choice.used:
        months = named_months(part.months)
        if part.weak in ("more than", "up to"):
            side = "too low" if part.weak == "more than" else "too high"
            bound = f"{part.weak} {number(part.value or 0)}"
            yield "inexact_part", f"{months} is published as {bound}, so the nowcast is likely {side}"
        elif part.weak:
            yield "preliminary_part", f"{months} is {part.weak} and may be revised"
        if part.borrowed:
            growth = f"The growth of {months}, {part.growth_pct:+g} %"
            yield "growth_of_longer_part", f"{growth}, is the one published for {part.period}"


def _named(part: Part) -> str:
    if part.value is None:
        return f"the growth of {named_months(part.months)} ({part.growth_pct:+g} %)"
    return f"{named_months(part.months)} ({number(part.value)})"


def _bases(result: Nowcast) -> Coded:
    """Note on the same part of the year before: the used one, else the longest inside it that was weak at first."""
    lines = sorted(result.parts, key=lambda known: (known.use != "used", -known.part.period.length))
    weak = [
        known for known in lines if known.use != "replaced" and known.base and known.base.how in ("replaced", "floor")
    ]
    if weak:
        yield "weak_base", _weak_base(result, weak[0])
    now, earlier, months = result.base, result.year - 1, named_months(result.choice.months)
    if now and now.how == "restated":
        part, *others = result.choice.used
        release = f"{number(part.value)} and {part.growth_pct:+g} %" if part.value is not None and not others else ""
        text = (
            f"{months} of {earlier} is published as {number(now.published or 0)}, but "
            f"{release or f'the values and growth published for {result.year}'} imply {rounded(now.implied or 0)}, "
            f"{abs(now.gap_pct):.1f} % {'above' if now.gap_pct > 0 else 'below'} it: the base was restated, and "
            "whether the whole year was is not known"
        )
        if {"share", "growth"} <= result.vote.keys():
            text += (
                f". If it was, {result.year} comes to {rounded(result.vote['share'].value)} (by share); if not, to "
                f"{rounded(result.vote['growth'].value)} (by growth). Both vote, and the interval spans them"
            )
        yield "restated_base", text
    if now and now.how == "published" and now.weak:
        yield "preliminary_base", f"{months} of {earlier} is {now.weak}, and no known growth implies a final one"


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


def _votes(result: Nowcast) -> Coded:
    months = named_months(result.choice.months)
    if {"share", "growth"} <= result.vote.keys():
        same = "Share and growth rest on nearly the same information and are not counted as independent"
        yield "joint_weights", f"{same}: all weights were learned together, on quarterly series summed to years"
    if "rest" in result.vote:
        yield "not_positive", "Not all amounts are positive: the votes count alike, and the interval is not calibrated"
    if "calendar" in result.vote:
        how = "other parts of earlier years are used instead" if result.bend is not None else "no season is known"
        yield "no_season", f"No earlier year has {months} on this basis: {how}, so the interval is wide"
    if result.choice.value is None and "growth" not in result.vote:
        yield "unused_growth", f"The growth of {months} is not used, as the total of {result.year - 1} is not known"


def _scope(result: Nowcast) -> Coded:
    """Where the whole years begin, what is left out or dates from later, and which years are sums of their parts."""
    broken = [year for year in result.series.breaks if year <= result.year]
    if result.annual is None:
        first = f"{max(broken)} is the first year on a new basis; no earlier year is used" if broken else ""
        yield "no_earlier_year", first or "No earlier year is known, so there is no annual forecast"
    if result.annual is None or result.actual or result.as_of:
        yield "learned_later", f"Caution: the weights and the models were trained on data from after {result.year}"
    seen = result.annual.history.observations if result.annual else ()
    derived = ((known.period.year, known.derivation) for known in seen)
    summed = [year for year, derivation in derived if derivation and derivation.how == "sum"]
    if summed:
        yield "summed", f"The parts of {spans(summed)} are summed to {'years' if len(summed) > 1 else 'a year'}"


def _shares(result: Nowcast) -> str:
    used = result.shares[-1:] if result.base and result.base.how == "restated" else result.shares[-SHARES:]
    mean = 100 * sum(share.value for share in used) / len(used)
    return f"{mean:.1f} % of {listed(share.year for share in used)}{', on average' if len(used) > 1 else ''}"
