"""Tables as people and publishers write them, in small, with the series they give or the reason
they are refused.

`tables.toml` has the cases. `text`, or each of `texts`, is read with `options` and with those of
the hints of as many refusals as are `asked`. It is refused (`says`, `hint`), has one series
(`points`) or `many`; `each` varies the case.
"""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.cli.app import as_option
from rural_forecast.errors import spelling
from tests.series.reading.reading import from_text, one, points, refused

CASES = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))
ABOUT = ("id", "unit", "title", "measure")
ASKED = {"text", "texts", "encoding", "options", "each"}
REFUSED = {"says", "unsaid", "hint", "code", "value", "all"}
READ = {"points", "many", "status", "notes", "unnoted", "warned", "places", "asked", *ABOUT}


@pytest.mark.parametrize("name", CASES)
def test_a_table_gives_its_series_or_is_refused(name: str) -> None:
    for more in CASES[name].get("each", [{}]):
        case = CASES[name] | more
        for text in case.get("texts") or [case["text"]]:
            check(case, text.encode(case.get("encoding", "utf-8")))


def check(case: dict[str, Any], data: bytes) -> None:
    assert case.keys() <= ASKED | (REFUSED if "says" in case else READ), (
        "a key that is not read proves nothing"
    )
    options = case.get("options", {})
    if "says" in case:
        error = refused(data, read=from_text if case.get("all") else one, **options)
        assert all(words in error.message for words in listed(case["says"])), error.message
        assert case.get("unsaid", "\0") not in error.message
        assert case.get("hint", "") in error.hint
        assert (error.code, error.value) == (
            case.get("code", error.code),
            case.get("value", error.value),
        )
        return
    for _ in range(case.get("asked", 0)):
        options = followed(data, options)
    all_series = from_text(data, **options) if "many" in case else (one(data, **options),)
    assert [(series.id, points(series)) for series in all_series] == [
        *(case.get("many") or {all_series[0].id: case["points"]}).items()
    ]
    for series in all_series:
        statuses = "".join(observation.status[0] for observation in series.observations)
        notes = series.reading_notes
        assert statuses == case.get("status", "a" * len(statuses))
        assert [getattr(series, name) for name in ABOUT if name in case] == [
            case[name] for name in ABOUT if name in case
        ]
        assert all(words in "\n".join(map(str, notes)) for words in case.get("notes", ()))
        assert case.get("unnoted", "\0") not in "\n".join(map(str, notes))
        assert (
            "warned" not in case or [note.code for note in notes if note.warning] == case["warned"]
        )
        expected = case.get("places", ())
        assert [one.place for one in series.observations][: len(expected)] == [
            *expected[: len(series.observations)]
        ]


def listed(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


def followed(data: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """The options with the first ones that the hint of a refusal gives, as a shell takes them."""
    token = spelling.set(as_option)
    hint = refused(data, **options).hint
    spelling.reset(token)
    words = shlex.split(re.split(r", say| or |\.$", hint[hint.index("--") :])[0])
    for option, value in zip(words[::2], words[1::2], strict=True):
        name = {"--series": "series_id", "--value-column": "value_column", "--where": "where"}[
            option
        ]
        options = options | {name: (*options.get("where", ()), value) if name == "where" else value}
    return options
