"""The sizing formula: parser, units, and the arithmetic."""

import numpy as np

from rural_forecast.sizing.formulas import evaluate, names, parse, unit_of
from rural_forecast.sizing.toml import TableError
from rural_forecast.sizing.units import ONE, Unit, parse_unit, whole_of
from tests.fuzz.choices import EDGES
from tests.fuzz.promises import refusals, require

_SEPARATOR = b"\n"
SEEDS = [
    text.encode()
    for text in (
        "million persons\nusers * (1 - share) ** 2",
        "CNY per person and year\na + b - c / d",
        "percent of users\nmin(a, max(b, 1_000), 2.5e3)",
        "bn CNY\n-a ** -b ** 2",
        "orders per thousand households\n((a))*.5",
        "share\nyear - 2_0_2.5",
        "1,000 CNY / person / month\n1e308 * 1e308",
    )
]


def test(data: bytes) -> None:
    """The first line is a unit, the rest a formula whose names all have this unit or none."""
    first, _, rest = data.partition(_SEPARATOR)
    unit = _unit(first.decode("utf-8", "surrogateescape"))
    text = rest.decode("utf-8", "surrogateescape")
    with refusals(TableError):
        node = parse(text)
        used = sorted({*names(node)})
        require(all(name in text for name in used), "a name is not that of the formula")
        for values in (dict.fromkeys(used, 2.0), {name: np.array(EDGES) for name in used}):
            with np.errstate(all="ignore"):
                found = evaluate(node, values)
            require(np.asarray(found).dtype == np.float64, "a formula gives no numbers")
        for units in (dict.fromkeys(used, ONE), {name: unit if i % 2 else ONE for i, name in enumerate(used)}):
            unit_of(node, units)


def _unit(text: str) -> Unit:
    with refusals(ValueError):
        unit = parse_unit(text)
        require(np.isfinite(unit.scale) and unit.scale > 0, f"a unit's scale is {unit.scale}")
        str(unit.times(unit).power(3))
        whole_of(text)
        return unit
    return ONE
