# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "pycountry"]
# ///
"""Pack the named histories of `precedents`: `python -m training.precedents --benchmarks FOLDER`.

Only training parts of openly licensed sets go in: Gapminder (CC BY 4.0), Penn World Table 10.01 (CC
BY 4.0), the US Bureau of Economic Analysis (public domain) and the Australian Bureau of Statistics
(CC BY 4.0). Shares, prices and indices stay out. Values are kept as log changes, rounded to 0.0001.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.corpus import read

FILE = Path(__file__).parents[1] / "rural_forecast" / "forecasting" / "precedents.npz"
STEP = 1e-4
LIMIT = 32767
FEWEST_CHANGES = 4

GAPMINDER = "Gapminder (2024)"
PENN = "Penn World Table 10.01 (2021)"
BEA = "US Bureau of Economic Analysis (2022)"
ABS = "Australian Bureau of Statistics (2019)"

INDICATORS = {
    "gapminder_adoption": {
        "broadband_subscribers": ("broadband subscribers", "adoption"),
        "cell_phones_total": ("mobile subscriptions", "adoption"),
        "electricity_use_per_person": ("electricity use per person", "consumption"),
        "fixed_line_subscribers_per_100_people": (
            "fixed telephone lines per 100 people",
            "adoption",
        ),
        "internet_users": ("internet users", "adoption"),
        "patent_applications_total": ("patent applications", "industry"),
        "patents_granted_total": ("patents granted", "industry"),
        "patents_in_force_total": ("patents in force", "industry"),
        "residential_electricity_use_total": ("residential electricity use", "consumption"),
        "sugar_per_person_g_per_day": ("sugar per person", "consumption"),
        "total_health_spending_per_person_us": ("health spending per person", "health"),
    },
    "gapminder_levels": {
        "aid_received_total_us_inflation_adjusted": ("aid received, real", "macro"),
        "armed_forces_personnel_total": ("armed forces", "demography"),
        "arms_imports_sipri_tiv": ("arms imports", "trade"),
        "desalinated_water_produced_billion_cu_meters": ("desalinated water", "industry"),
        "external_debt_total_us_not_inflation_adjusted": ("external debt", "macro"),
        "food_supply_kilocalories_per_person_and_day": ("food supply per person", "consumption"),
        "gnipercapita_atlasmethod_current_us": ("national income per person", "macro"),
        "government_health_spending_per_person_us": (
            "government health spending per person",
            "health",
        ),
        "hourly_labour_cost_constant_2021_usd": ("hourly labour cost, real", "consumption"),
        "medical_doctors_per_1000_people": ("doctors per 1,000 people", "health"),
        "personal_computers_total": ("personal computers", "adoption"),
        "rural_population": ("rural population", "demography"),
        "total_gdp_us_inflation_adjusted": ("gross domestic product, real", "macro"),
        "total_sulfur_emission_kilotonnes": ("sulphur emissions", "industry"),
        "total_water_withdrawal_billion_cu_meters": ("water withdrawal", "industry"),
        "urban_population": ("urban population", "demography"),
        "wood_removal_cubic_meters": ("wood removal", "industry"),
    },
    "penn_world_table": {
        "ccon": ("consumption, real", "macro"),
        "cda": ("domestic absorption, real", "macro"),
        "emp": ("employment", "demography"),
        "rnna": ("capital stock, real", "macro"),
    },
}
"""Indicators of the sets that name them before the bar: what a reader sees, and the kind."""

STATES = dict(
    line.split(" ", 1)
    for line in """AL Alabama
AK Alaska
AZ Arizona
AR Arkansas
CA California
CO Colorado
CT Connecticut
DE Delaware
DC District of Columbia
FL Florida
GA Georgia (US)
HI Hawaii
ID Idaho
IL Illinois
IN Indiana
IA Iowa
KS Kansas
KY Kentucky
LA Louisiana
ME Maine
MD Maryland
MA Massachusetts
MI Michigan
MN Minnesota
MS Mississippi
MO Missouri
MT Montana
NE Nebraska
NV Nevada
NH New Hampshire
NJ New Jersey
NM New Mexico
NY New York
NC North Carolina
ND North Dakota
OH Ohio
OK Oklahoma
OR Oregon
PA Pennsylvania
RI Rhode Island
SC South Carolina
SD South Dakota
TN Tennessee
TX Texas
UT Utah
VT Vermont
VA Virginia
WA Washington
WV West Virginia
WI Wisconsin
WY Wyoming
US United States""".splitlines()
)


SAME = {
    "Brunei": "Brunei Darussalam",
    "Cape Verde": "Cabo Verde",
    "Congo, Dem. Rep.": "DR Congo",
    "Congo, The Democratic Republic of the": "DR Congo",
    "Congo, Rep.": "Congo",
    "Cook Is": "Cook Islands",
    "Cote d'Ivoire": "Côte d'Ivoire",
    "Czech Republic": "Czechia",
    "Faeroe Islands": "Faroe Islands",
    "Hong Kong, China": "Hong Kong",
    "Kyrgyz Republic": "Kyrgyzstan",
    "Macao, China": "Macao",
    "Micronesia, Fed. Sts.": "Micronesia",
    "Micronesia, Federated States of": "Micronesia",
    "Palestine, State of": "Palestine",
    "Russian Federation": "Russia",
    "Slovak Republic": "Slovakia",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Lucia": "Saint Lucia",
    "St. Vincent and the Grenadines": "Saint Vincent and the Grenadines",
    "Türkiye": "Turkey",
    "UAE": "United Arab Emirates",
    "UK": "United Kingdom",
    "Virgin Islands, British": "British Virgin Islands",
    "ant": "Netherlands Antilles",
    "chanisl": "Channel Islands",
    "kos": "Kosovo",
    "nld_curacao": "Curaçao",
    "scg": "Serbia and Montenegro",
}
"""Names of one place, and the one that is shown."""
UNNAMED = {"gbm", "chn", "China"}


class Named(NamedTuple):
    """One real history: what, where, from whom, of which kind, and its values by year."""

    what: str
    where: str
    source: str
    kind: str
    first_year: int
    values: np.ndarray


def country(code: str) -> str:
    """Name of a country by its three letters, or the name itself."""
    import pycountry

    entry = pycountry.countries.get(alpha_3=code.upper()) if len(code) == 3 else None
    name = getattr(entry, "common_name", entry.name) if entry else code
    return SAME.get(name, name)


def first_years(folder: Path, name: str) -> dict[str, int]:
    """First year of every series of a set."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / f"{name}.parquet", columns=["series_id", "period"]).to_pydict()
    years: dict[str, int] = {}
    for identifier, period in zip(table["series_id"], table["period"], strict=True):
        years.setdefault(identifier, period)
    return years


def named(folder: Path) -> list[Named]:
    """Every history that may be shown, in file order."""
    result = []
    for name in (*INDICATORS, "us_state_gdp", "us_state_pce", "au_retail"):
        years = first_years(folder, name)
        for identifier, values in read(folder, name, "train"):
            label = label_of(name, identifier)
            if label and len(values) > FEWEST_CHANGES:
                result.append(Named(*label, years[identifier], values))
    return result


def label_of(name: str, identifier: str) -> tuple[str, str, str, str] | None:
    """Return subject, place, source and kind of a series; None if it is not shown."""
    first, *others = identifier.split("|")
    if name == "us_state_gdp":
        industry = others[1]
        industry = industry.split("  ")[0].removesuffix(" 2/").removesuffix(" 3/")
        return (
            None
            if "overseas" in industry
            else (f"product of {lower(industry)}", STATES[first], BEA, "industry")
        )
    if name == "us_state_pce":
        return lower(first), STATES.get(others[0], others[0]), BEA, "consumption"
    if name == "au_retail":
        return f"turnover of {lower(first)}", others[0], ABS, "consumption"
    known = INDICATORS[name].get(first)
    if known is None or others[0] in UNNAMED:
        return None
    return known[0], country(others[0]), PENN if name.startswith("penn") else GAPMINDER, known[1]


def lower(text: str) -> str:
    """First letter small."""
    return text[:1].lower() + text[1:]


def pack(histories: list[Named]) -> dict[str, np.ndarray]:
    """Arrays of the file: changes end to end, and for each series its length, first year and places
    in the lists.
    """
    lists = {
        field: sorted({getattr(one, field) for one in histories})
        for field in ("what", "where", "source", "kind")
    }
    arrays = {
        f"{field}.names": np.frombuffer("\n".join(names).encode(), np.uint8)
        for field, names in lists.items()
    }
    for field, names in lists.items():
        places = {text: place for place, text in enumerate(names)}
        arrays[field] = np.array([places[getattr(one, field)] for one in histories], np.uint16)
    changes = [np.rint(np.diff(np.log(one.values)) / STEP) for one in histories]
    arrays["length"] = np.array([len(part) for part in changes], np.uint16)
    arrays["first_year"] = np.array([one.first_year for one in histories], np.uint16)
    arrays["changes"] = np.clip(np.concatenate(changes), -LIMIT, LIMIT).astype(np.int16)
    return arrays


def write(arrays: dict[str, np.ndarray], path: Path) -> None:
    """An `.npz` with the same bytes for the same arrays: fixed dates, strongest compression."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            packed.writestr(
                zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, 9
            )


def main() -> None:
    """Pack and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--benchmarks", type=Path, required=True)
    histories = named(parser.parse_args().benchmarks)
    arrays = pack(histories)
    write(arrays, FILE)
    size = FILE.stat().st_size
    print(f"{len(histories)} histories, {len(arrays['changes'])} changes, {size:,} bytes")
    print("changes out of range", int((np.abs(arrays["changes"]) == LIMIT).sum()))


if __name__ == "__main__":
    main()
