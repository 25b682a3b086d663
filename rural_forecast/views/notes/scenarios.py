"""The words of notes on scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.text.wording import number

Yearly = Sequence[tuple[int, float | tuple[float, float]]]
"""Numbers or ranges by year."""
_KINDS = {"growth": "growth", "override": "value"}

TEXTS = {
    "after_target": "{name} assumes values for {years:spans}, after {target}; they have no effect.",
    "ranges": (
        "The ranges of {name} hold with 90 %. Its intervals rest on {draws:,} draws (seed 1): ranges of one kind move "
        "together, and years without an assumption have the uncertainty of the baseline as well.{left_out:? Left out, "
        "for passing a limit: {left_out} % of the draws.|}"
    ),
    "slowing": (
        "Under a ceiling the consensus growth slows as the room below it shrinks, by the logistic equation; the lower "
        "bounds keep below its lower end, the upper ones below its upper end."
    ),
}


def _rounded(value: float) -> str:
    return number(float(f"{value:.4g}"))


def _percent(value: float | tuple[float, float]) -> str:
    if isinstance(value, tuple):
        return f"{value[0]:+g} to {value[1]:+g} %"
    return f"{value:+g} %"


def _amount(value: float | tuple[float, float]) -> str:
    return f"{number(value[0])} to {number(value[1])}" if isinstance(value, tuple) else number(value)


def assumptions(
    name: str,
    growth: Sequence[tuple[int | None, float | tuple[float, float]]],
    ceiling: Sequence[float],
    shock: Yearly,
    override: Yearly,
    unit: str,
    reason: str,
) -> str:
    parts = [
        f"{'' if place else 'growth of '}{_percent(rate)} in {year or 'every year'}"
        for place, (year, rate) in enumerate(growth)
    ]
    if ceiling:
        low, high = map(number, ceiling)
        parts.append(f"a ceiling of {low if low == high else f'{low} to {high}'} {unit}".rstrip())
    parts += [f"a shock of {_percent(change)} in {year}" for year, change in shock]
    parts += [f"{year} set to {_amount(value)} {unit}".rstrip() for year, value in override]
    reason = reason.strip().rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason is given."
    return f"{name} assumes {', '.join(parts)}. {why}"


def set_by_hand(
    name: str, year: int, value: float, unit: str, baseline: float, level: int, bounds: tuple[float, float]
) -> str:
    lower, upper = bounds
    place = "inside" if lower <= value <= upper else "above" if value > upper else "below"
    return (
        f"{name} sets {year} by hand: {number(value)}{f' {unit}' if unit else ''} in place of the baseline's "
        f"{_rounded(baseline)}, {place} its {level} % interval ({_rounded(lower)} to {_rounded(upper)})."
    )


def no_interval(kinds: Sequence[str]) -> str:
    what = "value or growth" if len(kinds) > 1 else _KINDS[kinds[0]]
    return (
        f"A year whose {what} is assumed has no interval. After it the consensus growth continues from the new level, "
        "with an interval that starts there."
    )
