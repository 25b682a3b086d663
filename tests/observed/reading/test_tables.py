"""Tables as people and publishers write them, in small, each read or refused.

`tables.toml` has the cases. `text`, or each of `texts`, is read with `options` and with those of
the hints of as many refusals as are `asked`. It is refused (`says`, `hint`), has one series
(`points`) or `many`; `each` varies the case.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.cli.app import TYPED
from rural_forecast.errors import spelling
from rural_forecast.observed.observation import Series
from tests.observed.reading.reading import from_text, one, points, refused

CASES = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))
ABOUT = ("id", "unit", "title", "measure")
ASKED = {"text", "texts", "encoding", "options", "each"}
REFUSED = {"says", "unsaid", "hint", "code", "value", "all"}
NAMES_OF_OPTIONS = {"--series": "series_id", "--value-column": "value_column"}
NOTHING = "\0"  # is in no message
READ = {
    "points",
    "many",
    "status",
    "notes",
    "unnoted",
    "warned",
    "places",
    "markets",
    "asked",
    *ABOUT,
}


def cases() -> Iterator[Any]:
    """Each case, varied by each of its `each`, with each of its texts."""
    for name, case in CASES.items():
        for variant_number, variant in enumerate(case.get("each", [{}]), start=1):
            varied = {key: entry for key, entry in (case | variant).items() if key != "each"}
            texts = varied.pop("texts", None) or [varied.pop("text")]
            for text_number, text in enumerate(texts, start=1):
                data = text.encode(varied.get("encoding", "utf-8"))
                yield pytest.param(varied, data, id=f"{name}-{variant_number}-{text_number}")


@pytest.mark.parametrize(("case", "data"), [*cases()])
def test_a_table_gives_its_series_or_is_refused(case: dict[str, Any], data: bytes) -> None:
    allowed = REFUSED if "says" in case else READ
    assert case.keys() <= ASKED | allowed, "a key that is not read proves nothing"
    if "says" in case:
        check_refused(case, data)
    else:
        check_read(case, data)


def check_refused(case: dict[str, Any], data: bytes) -> None:
    read = from_text if case.get("all") else one
    error = refused(data, read=read, **case.get("options", {}))
    for words in listed(case["says"]):
        assert words in error.message
    assert case.get("unsaid", NOTHING) not in error.message
    assert case.get("hint", "") in error.hint
    if "code" in case:
        assert error.code == case["code"]
    if "value" in case:
        assert error.value == case["value"]


def check_read(case: dict[str, Any], data: bytes) -> None:
    options = case.get("options", {})
    for _ in range(case.get("asked", 0)):
        options = followed(data, options)
    if "many" in case:
        several = from_text(data, **options)
        expected = case["many"]
    else:
        several = (one(data, **options),)
        expected = {several[0].id: case["points"]}
    assert [series.id for series in several] == [*expected]
    for series in several:
        assert points(series) == expected[series.id]
        check_series(case, series)


def check_series(case: dict[str, Any], series: Series) -> None:
    """Check the statuses, the places, the notes and the facts of one series."""
    observations = series.observations
    statuses = "".join(observed.status[0] for observed in observations)
    assert statuses == case.get("status", "a" * len(statuses))
    for fact in ABOUT:
        if fact in case:
            assert getattr(series, fact) == case[fact]
    if "markets" in case:
        assert [*series.places] == case["markets"]
    places = case.get("places", ())
    assert [observed.place for observed in observations[: len(places)]] == [*places]
    notes = "\n".join(map(str, series.reading_notes))
    for words in case.get("notes", ()):
        assert words in notes
    assert case.get("unnoted", NOTHING) not in notes
    if "warned" in case:
        warnings = [note.code for note in series.reading_notes if note.warning]
        assert warnings == case["warned"]


def listed(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


def followed(data: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """The options with the first ones that the hint of a refusal gives, as a shell takes them."""
    token = spelling.set(TYPED)
    hint = refused(data, **options).hint
    spelling.reset(token)
    command = hint[hint.index("--") :]
    words = shlex.split(re.split(r", say| or |\.$", command)[0])
    for option, text in zip(words[::2], words[1::2], strict=True):
        if option == "--where":
            options = options | {"where": (*options.get("where", ()), text)}
        else:
            options = options | {NAMES_OF_OPTIONS[option]: text}
    return options
