"""The words of errors about TOML files: found, read, and their tables.

What is wrong with a value follows its key: `model.toml line 3, drivers.users.unit: is not text.`
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

_NOT_A_TABLE = "{written:repr} is not a table."
_NOT_A_YEAR = "{written:repr} is not a year."
_FORMULA = 'Write TAM = "users * spending".'
_BY_YEAR = "Write a value for each year: {{ 2026 = 5, 2027 = 4 }}."

TEXTS = {
    "toml_is_folder": ("{name} is a folder.", "Name a file in it."),
    "toml_too_large": ("{name} is larger than {most:,} bytes.", "Keep only drivers and formulas."),
    "toml_too_deep": ("{name}: tables are nested too deep for a model.", "Write tables such as [drivers.users]."),
    "toml_long_number": ("{name} holds a number of more than 1,000 digits.", "Write it in a larger unit."),
    "misplaced_key": ("belongs to the whole file.", "Move it to the top, above the first [table]."),
    "not_text": ("{written:repr} is not text.", "Put it between double quotes."),
    "not_true_or_false": "{written:repr} is neither true nor false.",
    "not_a_list": ("{written:repr} is not a list.", "Write [[...]] before each table."),
    "invalid_value": "{written:repr} {why}.",
    "toml_not_a_year": (_NOT_A_YEAR, "Years are whole numbers from 1 to 9999."),
    "not_by_year": ("{written:repr} does not say for which year.", _BY_YEAR),
    "key_not_a_year": (_NOT_A_YEAR, _BY_YEAR),
    "too_many_tables": ("has {count:,} tables; a model has at most {most}.", "Combine some."),
    "not_a_stage": (_NOT_A_TABLE, _FORMULA),
    "not_a_pair": (_NOT_A_TABLE, 'Write [[correlations]], between = ["a", "b"], value = 0.5.'),
    "not_a_top_down": (_NOT_A_TABLE, 'Write top_down = "rural_online_retail_mofcom".'),
    "not_a_driver": (
        _NOT_A_TABLE,
        'Write a table such as [drivers.users], or users = {{ value = 5, unit = "count" }}.',
    ),
    "not_a_scenario": (_NOT_A_TABLE, "Write a table such as [scenarios.slowdown]."),
    "no_stage_formula": ("has no formula.", _FORMULA),
    "no_between": ("has no between.", 'Write between = ["users", "spending"].'),
    "no_correlation": ("has no value.", "Write a number from -1 to 1."),
    "no_unit": ("has no unit.", 'Add one, such as unit = "million persons", or unit = "share".'),
    "no_series_key": ("has no series.", 'Write series = "rural_online_retail_mofcom".'),
    "no_drivers": ("has no drivers.", "Add a table such as [drivers.users]."),
    "drivers_empty": ("a model needs drivers.", "Add a table such as [drivers.users]."),
    "no_stages": ("is not a table of formulas.", 'Write [stages], then TAM = "users * spending".'),
    "no_scenarios": ("there is no scenario.", "Add a table such as [scenarios.slowdown]."),
}


def no_toml(name: str, kind: str, named: bool, close: Sequence[str], ships: Sequence[str]) -> tuple[str, str]:
    """`named`: a bare name, not a path; `close`: the nearest file or name; `ships`: the names that ship."""
    nouns = {
        "sizing": ("model", "Models that ship"),
        "scenarios": ("scenario file", "Name a TOML file, or one that ships"),
    }
    noun, advice = nouns[kind]
    hint = f"Did you mean {close[0]}? " if close else ""
    return f"There is no {noun}{' named' if named else ''} '{name}'.", f"{hint}{advice}: {', '.join(ships)}."


def not_toml(problem: str) -> tuple[str, str]:
    """`problem`: as the parser words it."""
    what = f"{problem[:1].lower()}{problem[1:]}"
    return f"this is not valid TOML: {what}.", 'Text and ranges go between double quotes: value = "0.6..0.8".'


def unknown_key(name: str, known: Sequence[str]) -> tuple[str, str]:
    """`known`: the keys that the table may have."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return "is not known here.", f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
