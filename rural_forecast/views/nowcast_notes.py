"""The notes of a nowcast: what was used and why, the parts of the year before, published estimates."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.remark import Remark
from rural_forecast.forecasting.forecast import LEARNED_LATER
from rural_forecast.notes import Note, without_code
from rural_forecast.nowcasting.part_shares import SHARES
from rural_forecast.nowcasting.parts import Part, words
from rural_forecast.nowcasting.result import KnownPart, Nowcast, PublishedEstimate, Vote
from rural_forecast.text.numbers import rounded
from rural_forecast.text.wording import listed, number, sentence, spans
from rural_forecast.views.notes import remarks

Coded = tuple[str, str]
"""The code of a note, and its text."""


def notes(result: Nowcast) -> tuple[Remark, ...]:
    """Every fact once, the known part first."""
    own = (*_parts(result), *_bases(result), *_votes(result), *_scope(result), *_summed(result))
    return (
        *remarks(result.warnings),
        *(Remark(sentence(text), code=code) for code, text in own),
        *remarks(_annual(result)),
    )


def why(result: Nowcast, vote: Vote) -> str:
    """What a vote rests on, in a few words."""
    known = _capital(words(result.choice.months))
    if vote.voter == "share":
        return f"{known} was {_shares(result)}"
    if vote.voter == "growth":
        assert result.before is not None
        assert result.growth is not None
        grew = f"{words(result.choice.months)} grew by {_percent(result.growth)}"
        text = f"{rounded(result.before)} in {result.year - 1}, and {grew}"
        return f"{text}; the same news as the share" if _same(result) else text
    if vote.voter == "smoothing":
        return f"The run of the parts, season by season, over {result.smoothed_years} years"
    if vote.voter == "annual":
        assert result.annual is not None
        years = result.annual.history.years
        return f"Whole years alone, {spans(years)}" if len(years) > 1 else f"The whole year {years[0]} alone"
    if vote.voter == "rest":
        return f"{known}, and the rest of {result.year - 1} once more"
    months = f"{len(result.choice.months)} of 12 months"
    if result.bend is not None:
        return f"{months}, filled as the known parts of earlier years fill theirs"
    if result.growth is not None:
        return f"{months} without seasons, growing steadily by {_percent(result.growth)} a year"
    return f"{months} without seasons{', growing as the annual forecast' if result.before is not None else ''}"


def estimate_verdict(result: Nowcast, one: PublishedEstimate) -> str:
    """Where a published figure lies, and that it is on another definition if it is."""
    return f"{_place(result, one)}; another definition" if one.related else _place(result, one)


def _below_known(result: Nowcast, one: PublishedEstimate) -> bool:
    """Whether a published figure for the year is less than its known part."""
    return result.choice.value is not None and one.figure.value < result.choice.value


def _place(result: Nowcast, one: PublishedEstimate) -> str:
    """Where a published figure lies."""
    value, known = one.figure.value, result.choice.value
    months = words(result.choice.months)
    if known is not None and _below_known(result, one):
        return f"less than the {rounded(known)} of {months} alone"
    if value < result.from_the_part and value < result.lower[0]:
        return f"below what {months} alone implies, {rounded(result.from_the_part)}"
    for level, low, high in zip(result.levels, result.lower, result.upper, strict=True):
        if low <= value <= high:
            return f"inside our {level} % interval"
    return f"{'above' if value > result.value else 'below'} our {result.levels[-1]} % interval"


def estimate_sentence(result: Nowcast, one: PublishedEstimate) -> str:
    """For the summary: a published estimate that the known part has overtaken."""
    about = f", for {one.series.title or one.series.id}: another definition" if one.related else ""
    lies = "is" if _below_known(result, one) else "lies"
    published = f"The {rounded(one.figure.value)} published for {result.year} ({one.figure.author}{about})"
    return f"{published} {lies} {_place(result, one)}."


def overtaken(result: Nowcast) -> tuple[PublishedEstimate, ...]:
    """Published estimates below what the known part implies."""
    limit = min(result.from_the_part, result.lower[0])
    return tuple(one for one in result.estimates if one.figure.value < limit and one.figure.qualifier != ">")


def _parts(result: Nowcast) -> Iterator[Coded]:
    inside = [one.part for one in result.parts if one.use == "inside"]
    replaced = [one.part for one in result.parts if one.use == "replaced"]
    used = listed(_named(part) for part in result.choice.used)
    if inside:
        verb = "lies" if len(inside) == 1 else "lie"
        what = listed(_named(part) for part in sorted(inside, key=lambda part: -part.period.length))
        yield "longest_part", f"Of {result.year} the longest known part is used, {used}; {what} {verb} inside it"
    if replaced:
        verb = "is" if len(replaced) == 1 else "are"
        left_out = listed(_named(part) for part in replaced)
        yield "typed_parts", f"Typed parts go before those of the series: {left_out} {verb} left out"
    for part in result.choice.used:
        if part.weak in ("more than", "up to"):
            side = "too low" if part.weak == "more than" else "too high"
            given = f"{part.weak} {number(part.value or 0)}"
            yield (
                "inexact_part",
                f"{_capital(words(part.months))} is published as {given}, so the nowcast is likely {side}",
            )
        elif part.weak:
            yield "preliminary_part", f"{_capital(words(part.months))} is {part.weak} and may be revised"
        if part.borrowed:
            growth = f"The growth of {words(part.months)}, {part.growth_pct:+g} %"
            yield "growth_of_longer_part", f"{growth}, is the one published for {part.period}"


def _named(part: Part) -> str:
    if part.value is None:
        return f"the growth of {words(part.months)} ({part.growth_pct:+g} %)"
    return f"{words(part.months)} ({number(part.value)})"


def _bases(result: Nowcast) -> Iterator[Coded]:
    """Note on the same part of the year before: the used one, else the longest inside it that was weak at first."""
    lines = sorted(result.parts, key=lambda one: (one.use != "used", -one.part.period.length))
    weak = [
        one for one in lines if one.use != "replaced" and one.base is not None and one.base.how in ("replaced", "floor")
    ]
    if weak:
        yield "weak_base", _weak_base(result, weak[0])
    now = result.base
    if now is not None and now.how == "restated":
        earlier, months = result.year - 1, _capital(words(result.choice.months))
        assert now.published is not None
        assert now.implied is not None
        off = f"{abs(now.gap_pct):.1f} % {'above' if now.gap_pct > 0 else 'below'} it"
        text = (
            f"{months} of {earlier} is published as {number(now.published)}, but {_release(result)} imply "
            f"{rounded(now.implied)}, {off}: the base was restated, and whether the whole year was is not known"
        )
        if {"share", "growth"} <= result.vote.keys():
            text += (
                f". If it was, {result.year} comes to {rounded(result.vote['share'].value)} (by share); if not, to "
                f"{rounded(result.vote['growth'].value)} (by growth). Both vote, and the interval spans them"
            )
        yield "restated_base", text
    if now is not None and now.how == "published" and now.weak:
        base = f"{_capital(words(result.choice.months))} of {result.year - 1} is {now.weak}"
        yield "preliminary_base", f"{base}, and no growth is known that would imply a final one"


def _weak_base(result: Nowcast, one: KnownPart) -> str:
    now, earlier, months = one.base, result.year - 1, words(one.part.months)
    assert now is not None
    assert now.published is not None
    first = f"more than {number(now.published)}" if now.weak == "more than" else number(now.published)
    first = f"up to {number(now.published)}" if now.weak == "up to" else first
    if now.implied is None:
        return f"{_capital(months)} of {earlier} is known only as {first}, so it is not used"
    assert one.part.value is not None
    text = (
        f"{_capital(months)} of {earlier} was first published as {first}; {number(one.part.value)} and "
        f"{one.part.growth_pct:+g} % imply {rounded(now.implied)}, which replaces it"
    )
    if result.before and 0 < now.published < result.before:
        would = one.part.value * result.before / now.published
        share = 100 * now.published / result.before
        text += (
            f". With {number(now.published)} its share of {earlier} would have been {share:.1f} % instead of "
            f"{100 * now.implied / result.before:.1f} %, and {result.year} would have come out at {rounded(would)}"
        )
    return text


def _release(result: Nowcast) -> str:
    parts = result.choice.used
    if len(parts) == 1 and parts[0].value is not None:
        return f"{number(parts[0].value)} and {parts[0].growth_pct:+g} %"
    return f"the values and growth published for {result.year}"


def _votes(result: Nowcast) -> Iterator[Coded]:
    if {"share", "growth"} <= result.vote.keys():
        learned = "all weights were learned together, on quarterly series summed to years"
        yield "joint_weights", f"Share and growth are nearly the same news and do not count as two: {learned}"
    if "rest" in result.vote:
        yield (
            "not_positive",
            "Not all amounts are positive, so the votes count alike and the interval is not calibrated",
        )
    if "calendar" in result.vote:
        how = "other parts of earlier years are used instead" if result.bend is not None else "no season is known"
        months = words(result.choice.months)
        yield "no_season", f"No earlier year has {months} on this basis: {how}, so the interval is wide"
    if result.choice.value is None and "growth" not in result.vote:
        months = words(result.choice.months)
        total = f"the total of {result.year - 1} is not known"
        yield "unused_growth", f"The growth of {months} does not help, as {total}"


def _scope(result: Nowcast) -> Iterator[Coded]:
    broken = [year for year in result.series.breaks if year <= result.year]
    if result.annual is None and broken:
        yield "no_earlier_year", f"{max(broken)} is the first year on a new basis; no earlier year is used"
    elif result.annual is None:
        yield "no_earlier_year", "No earlier year is known, so there is no annual forecast"
    if result.annual is not None and result.actual is None and result.as_of is None:
        return
    yield "learned_later", f"Caution: the weights and the models were trained on data from after {result.year}"


def _summed(result: Nowcast) -> Iterator[Coded]:
    """Which earlier years are sums of their parts."""
    seen = result.annual.history.observations if result.annual is not None else ()
    summed = [one.period.year for one in seen if one.derivation and one.derivation.how == "sum"]
    if summed:
        yield "summed", f"The parts of {spans(summed)} are summed to {'years' if len(summed) > 1 else 'a year'}"


def _annual(result: Nowcast) -> Iterator[Note]:
    """Notes of the annual forecast on its history and other definitions."""
    if result.annual is None:
        yield from result.series.reading_notes
        return
    yield from without_code(result.annual.notes, LEARNED_LATER.code, "parts_of_year")  # parts are used here


def _shares(result: Nowcast) -> str:
    used = result.shares[-SHARES:]
    if result.base is not None and result.base.how == "restated":
        used = result.shares[-1:]
    mean = 100 * sum(one.value for one in used) / len(used)
    years = listed(one.year for one in used)
    return f"{mean:.1f} % of {years}" + (", on average" if len(used) > 1 else "")


def _same(result: Nowcast) -> bool:
    given = result.vote
    return "share" in given and abs(given["share"].value / given["growth"].value - 1) < 0.001


def _percent(growth: float | None) -> str:
    assert growth is not None
    return f"{100 * growth:.1f} %"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
