"""Make `subjects.json`: how series about a subject differ from the consensus.

    python -m training.subjects --benchmarks FOLDER

Run it again when the consensus has changed. Windows of the training parts are cut to a few points.
Each domain (an indicator, such as electricity by country) counts the same, in units of its own
error. What is learned is shrunk to nothing, by a ridge and by `KEPT`. Domains of no subject here
are learned from by none: `benchmarks/subjects.md` has what was tried and not shipped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import kinds, subjects
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.shape import LEARNED, MEMORY
from training.corpus import padded, read

SETS = (
    "us_state_pce",
    "au_retail",
    "gapminder_adoption",
    "us_state_gdp",
    "penn_world_table",
    "gapminder_levels",
    "energy_adoption",
)
# Subjects of whole sets.
_OF_SETS = {"us_state_pce": "spending", "au_retail": "retail", "penn_world_table": "economy"}
# Lines of US product by state, first and last.
_OF_LINES = {
    "economy": ((1, 2), (91, 92), (100, 100)),
    "agriculture": ((3, 5),),
    "mining": ((6, 9), (87, 87)),
    "energy": ((10, 10),),
    "services": ((11, 11), (36, 86), (101, 103)),
    "manufacturing": ((12, 33),),
    "retail": ((34, 35),),
}
_OF_INDICATORS = {
    "adoption": """
        broadband_subscribers cell_phones_total internet_users fixed_line_subscribers_per_100_people
        personal_computers_total personal_computers_per_100_people solar_generation_twh
        solar_installed_capacity wind_generation_twh wind_installed_capacity
    """,
    "population": """
        pop emp rural_population urban_population armed_forces_personnel_total
        working_hours_per_week
    """,
    "economy": """
        total_gdp_us_inflation_adjusted gdpperemployee_us_inflation_adjusted
        gnipercapita_atlasmethod_current_us gnipercapita_constant_2015_us
        hourly_labour_cost_constant_2021_usd
    """,
    "agriculture": """
        wood_removal_cubic_meters sugar_per_person_g_per_day
        food_supply_kilocalories_per_person_and_day
    """,
    "energy": """
        electricity_use_per_person residential_electricity_use_total geo_biomass_other_twh
        biofuels_consumption_kboed_biodiesel biofuels_consumption_kboed_biofuel
        biofuels_consumption_kboed_biogasoline biofuels_production_kboed_biofuel
    """,
    "science": "patent_applications_total patents_granted_total patents_in_force_total",
    "health spending": """
        total_health_spending_per_person_us government_health_spending_per_person_us
        total_health_spending_per_person_international_dollar medical_doctors_per_1000_people
    """,
    "prices": """
        exports_unit_value_index_2015_100 imports_unit_value_index_2015_100
        net_barter_terms_of_trade_2015_100
    """,
    "foreign finance": """
        external_debt_total_us_not_inflation_adjusted aid_received_total_us_inflation_adjusted
        arms_imports_sipri_tiv
    """,
    "environment": """
        desalinated_water_produced_billion_cu_meters total_sulfur_emission_kilotonnes
        total_water_withdrawal_billion_cu_meters
    """,
}
_BY_INDICATOR = {
    indicator: subject for subject, text in _OF_INDICATORS.items() for indicator in text.split()
}
# Indicators of one thing: they are left out together.
_RELATIVES = {
    "health spending": ("health_spending",),
    "sugar": ("sugar",),
    "computers": ("personal_computers",),
    "solar": ("solar",),
    "wind": ("wind_",),
    "income": ("gnipercapita",),
    "biofuels": ("biofuels",),
    "unit values": ("unit_value",),
    "product": ("rgdp", "total_gdp"),
    "absorption": ("ccon", "cda", "cn", "rconna", "rdana", "rnna"),
}

LENGTHS = (3, 5, 8, 13, 0)  # points that windows are cut to; 0 is all history
LEAST_WHOLE = 16  # points of the shortest whole history
MOST = 60  # windows of a domain and length
ORIGINS = 6  # windows of a series and length
YEARS = np.array([1, 2, 3, 4, 6, 8, 10])
"""Years ahead that are learned from."""
OF_ERROR = 6  # years ahead whose errors are the unit of a domain
SEED = 20261202
FOLDS = 8  # groups of domains that are left out in turn
RIDGE_OF_SHIFT = 0.02
RIDGE_OF_TAILS = 0.005
KEPT = 0.8  # share of the learned shift
STEPS = 250
RATE = 0.03
LEAST_ERROR = 0.01
GROWTH = (0.005, 0.995)  # quantiles of recent growth between which a subject counts in full


class SubjectWindows(NamedTuple):
    """Windows of one domain and length, with what came next and what the consensus says.

    As log ratios to the last value; NaN where unknown.
    """

    subject: str
    domain: str
    length: int  # one of `LENGTHS`
    values: np.ndarray
    future: np.ndarray  # shape (window, 10)
    point: np.ndarray
    lower: np.ndarray  # shape (window, level, 10)
    upper: np.ndarray


def domain_of(name: str, identifier: str) -> str:
    """Return the domain of a series of a set: its indicator."""
    parts = identifier.split("|")
    return f"{parts[2]}, {parts[1]}" if name == "us_state_gdp" else parts[0]


def subject_of(name: str, domain: str) -> str:
    """Return the subject of a domain of a set; empty for none."""
    if name == "us_state_gdp":
        line = int(domain.rpartition(", ")[2])
        for subject, spans in _OF_LINES.items():
            if any(first <= line <= last for first, last in spans):
                return subject
        return ""
    if domain in _BY_INDICATOR:
        return _BY_INDICATOR[domain]
    return "share" if "percent" in domain else _OF_SETS.get(name, "")


def relatives(domain: str) -> str:
    """Return the name of the indicators that are left out with a domain."""
    for name, parts in _RELATIVES.items():
        if domain.startswith(parts) or (len(parts) == 1 and parts[0] in domain):
            return name
    return domain


def asked(subject: str, domain: str, length: int, pairs: list) -> SubjectWindows:
    """Ask the consensus about windows of one number of points."""
    values, ahead = (np.stack(column) for column in zip(*pairs, strict=True))
    answer = consensus(values, LEARNED, subjects.LEVELS)
    last = values[:, -1:]
    return SubjectWindows(
        subject,
        domain,
        length,
        values,
        np.log(ahead / last),
        np.log(answer.point / last),
        np.log(answer.lower / last[:, None]),
        np.log(answer.upper / last[:, None]),
    )


def windows_of_domain(
    subject: str, domain: str, series: Iterable[np.ndarray], rng: np.random.Generator
) -> list[SubjectWindows]:
    """Cut windows at random origins of the series of a domain."""
    result = []
    series = list(series)
    for length in LENGTHS:
        pairs = []
        for values in series:
            origins = np.arange(length or LEAST_WHOLE, len(values))
            for origin in rng.choice(origins, min(ORIGINS, len(origins)), replace=False):
                first = origin - (length or min(origin, MEMORY))
                ahead = padded(values[origin : origin + LEARNED], LEARNED)
                pairs.append((values[first:origin], ahead))
        some = [pairs[row] for row in rng.permutation(len(pairs))[:MOST]]
        by_length: dict[int, list] = {}
        for pair in some:
            by_length.setdefault(len(pair[0]), []).append(pair)
        result += [asked(subject, domain, length, group) for group in by_length.values()]
    return result


def windows(folder: Path) -> list[SubjectWindows]:
    """Windows of all domains of the training parts that have a subject."""
    rng = np.random.default_rng(SEED)
    result = []
    for name in SETS:
        domains: dict[str, list[np.ndarray]] = {}
        for identifier, values in read(folder, name, "train"):
            if values.min() > 0:
                domains.setdefault(domain_of(name, identifier), []).append(values)
        for domain, series in domains.items():
            subject = subject_of(name, domain)
            if subject:
                result += windows_of_domain(subject, domain, series, rng)
    return result


def weights(parts: list[SubjectWindows]) -> list[np.ndarray]:
    """Every domain counts the same, in units of its mean error."""
    errors: dict[str, list[np.ndarray]] = {}
    for part in parts:
        missed = np.abs(part.future - part.point)[:, :OF_ERROR]
        errors.setdefault(part.domain, []).append(missed)
    of_domain = {}
    for domain, blocks in errors.items():
        size = max(float(np.nanmean(np.concatenate(blocks))), LEAST_ERROR / 10)
        of_domain[domain] = 1 / (size * sum(map(len, blocks)))
    return [np.full(len(part.values), of_domain[part.domain]) for part in parts]


def fit(parts: list[SubjectWindows]) -> dict[str, object]:
    """Learn the numbers of a subject from windows of its domains."""
    mass = weights(parts)
    shift = KEPT * _fit_shift(parts, mass)
    rows = [kinds.shifts(part.values, part.point, shift) for part in parts]
    errors = [part.future - part.point - row for part, row in zip(parts, rows, strict=True)]
    growth = np.concatenate([kinds.recent_growth(part.values) for part in parts])
    return {
        "shift": _digits(shift),
        "lower": _tails(parts, mass, [-error for error in errors], upper=False),
        "upper": _tails(parts, mass, errors, upper=True),
        "growth": _digits(np.quantile(growth, GROWTH)),
    }


def _fit_shift(parts: list[SubjectWindows], mass: list[np.ndarray]) -> np.ndarray:
    """Fit the shift by least absolute errors with a ridge; shape (basis, input)."""
    steps = kinds.basis(LEARNED)
    rows = []
    wanted = []
    size = []
    for part, weight in zip(parts, mass, strict=True):
        inputs = kinds.inputs(part.values, part.point)
        columns = np.concatenate([inputs * step[None, :, None] for step in steps], axis=2)
        observed = np.isfinite(part.future[:, YEARS - 1])
        rows.append(columns[:, YEARS - 1][observed])
        wanted.append((part.future - part.point)[:, YEARS - 1][observed])
        size.append((weight[:, None] / np.sqrt(YEARS))[observed])
    design = np.concatenate(rows)
    target = np.concatenate(wanted)
    weight = np.concatenate(size)
    scale = np.sqrt((design**2 * weight[:, None]).sum(axis=0) / weight.sum())
    design = design / scale
    solved = np.zeros(design.shape[1])
    for _ in range(12):
        pull = weight / np.maximum(np.abs(target - design @ solved), LEAST_ERROR)
        ridge = RIDGE_OF_SHIFT * pull.sum() * np.eye(len(solved))
        solved = np.linalg.solve(
            (design * pull[:, None]).T @ design + ridge, (design * pull[:, None]).T @ target
        )
    return (solved / scale).reshape(len(steps), -1)


def _tails(
    parts: list[SubjectWindows], mass: list[np.ndarray], errors: list[np.ndarray], *, upper: bool
) -> dict[str, list]:
    """Fit the factors of the offsets of one side, level by level."""
    centres = []
    coefficients = []
    for index, level in enumerate(subjects.LEVELS):
        offsets = []
        for part in parts:
            bound = (part.upper if upper else part.lower)[:, index]
            offsets.append(np.abs(bound - part.point))
        centre, own = _fit_tail(parts, mass, errors, offsets, 0.5 + level / 200)
        centres.append(centre)
        coefficients.append(own)
    return {"centres": _digits(np.array(centres)), "coefficients": _digits(np.array(coefficients))}


def _fit_tail(
    parts: list[SubjectWindows],
    mass: list[np.ndarray],
    errors: list[np.ndarray],
    offsets: list[np.ndarray],
    quantile: float,
) -> tuple[float, np.ndarray]:
    """Fit the log of a factor by quantile regression of the errors, with a ridge."""
    columns = YEARS - 1
    observed = [np.isfinite(error[:, columns]) for error in errors]
    sizes = []
    for offset, there in zip(offsets, observed, strict=True):
        log_offset = np.log(np.maximum(offset, subjects.LEAST_OFFSET))[:, columns]
        sizes.append((log_offset - np.log(YEARS) / 2)[there])
    centre = float(np.concatenate(sizes).mean())

    rows = []
    for part, offset, there in zip(parts, offsets, observed, strict=True):
        inputs = np.broadcast_arrays(*subjects.inputs(offset, centre, part.values), offset)[:-1]
        rows.append(np.stack(inputs, axis=2)[:, columns][there])
    design = np.concatenate(rows)
    offset = np.concatenate(
        [own[:, columns][there] for own, there in zip(offsets, observed, strict=True)]
    )
    error = np.concatenate(
        [own[:, columns][there] for own, there in zip(errors, observed, strict=True)]
    )
    weight = np.concatenate(
        [(own[:, None] / np.sqrt(YEARS))[there] for own, there in zip(mass, observed, strict=True)]
    )
    weight = weight / weight.sum()
    beyond = error - offset
    price = float((weight * np.maximum(quantile * beyond, (quantile - 1) * beyond)).sum())
    return centre, _descended(design, offset, error, weight / price, quantile)


def _descended(
    design: np.ndarray, offset: np.ndarray, error: np.ndarray, weight: np.ndarray, quantile: float
) -> np.ndarray:
    """Minimise the pinball loss by steps of Adam."""
    solved = np.zeros(design.shape[1])
    mean = np.zeros_like(solved)
    square = np.zeros_like(solved)
    for step in range(1, STEPS + 1):
        bound = np.exp(np.clip(design @ solved, -3, 3)) * offset
        slope = np.where(error > bound, -quantile, 1 - quantile) * bound * weight
        pull = slope @ design + 2 * RIDGE_OF_TAILS * solved
        mean = 0.9 * mean + 0.1 * pull
        square = 0.98 * square + 0.02 * pull**2
        rate = RATE * (1 - (step - 1) / STEPS)
        root = np.sqrt(square / (1 - 0.98**step)) + 1e-8
        solved = solved - rate * mean / (1 - 0.9**step) / root
    return solved


def _digits(numbers: np.ndarray) -> list:
    return np.vectorize(lambda number: float(f"{number:.4g}"))(numbers).tolist()


def as_read(numbers: dict[str, object]) -> subjects.SubjectNumbers:
    """Return numbers as the product reads them."""
    return subjects.SubjectNumbers(
        np.array(numbers["shift"]),
        subjects.TailNumbers(*(np.array(part) for part in numbers["lower"].values())),
        subjects.TailNumbers(*(np.array(part) for part in numbers["upper"].values())),
        tuple(numbers["growth"]),
    )


def moved(part: SubjectWindows, numbers: subjects.SubjectNumbers) -> tuple[np.ndarray, ...]:
    """Return the band with a subject, as log ratios to the last value."""
    band = np.exp(part.point), np.exp(part.lower), np.exp(part.upper)
    scaled = part.values / part.values[:, -1:]
    answer = subjects.adjusted(scaled, *band, subjects.LEVELS, numbers)
    return tuple(np.log(side) for side in answer)


def left_out(parts: list[SubjectWindows]) -> dict[str, subjects.SubjectNumbers]:
    """Learn numbers for each domain from the domains of other groups."""
    groups = sorted({relatives(part.domain) for part in parts})
    fold = {group: index % FOLDS for index, group in enumerate(groups)}
    result = {}
    for number in sorted({*fold.values()}):
        others = [part for part in parts if fold[relatives(part.domain)] != number]
        if not others:
            continue
        own = as_read(fit(others))
        for part in parts:
            if fold[relatives(part.domain)] == number:
                result[part.domain] = own
    return result


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    given = parser.parse_args()
    parts = windows(given.benchmarks)
    numbers = {}
    for subject in subjects.SHIPPED:
        numbers[subject] = fit([part for part in parts if part.subject == subject])
    subjects.FILE.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
