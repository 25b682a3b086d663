"""The watchmen watched: a broken promise is seen."""

from __future__ import annotations

import pytest

from rural_forecast.errors import InputError, RuralForecastError
from tests.fuzz import promises
from tests.fuzz.playing import folder, play, safe
from tests.fuzz.promises import BrokenPromiseError, attempt, refusals
from tests.fuzz.targets.command import COMMANDS
from tests.fuzz.targets.outputs import parses


def test_a_hang_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "MOST_SECONDS", 0.05)

    def forever(_data: bytes) -> None:
        while True:
            pass

    with pytest.raises(BrokenPromiseError, match="more than 0"):
        attempt(forever, b"")


def test_memory_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "_memory", iter((1 << 29, 3 << 29)).__next__)
    with pytest.raises(BrokenPromiseError, match="memory grew to 1536 MB"):
        attempt(lambda _data: None, b"")


def test_refusals_pass_and_defects_do_not() -> None:
    with refusals():
        raise InputError("market.csv is empty")
    for told in (RuralForecastError("a defect"), InputError(" ")):
        with pytest.raises(BrokenPromiseError), refusals():
            raise told


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("csv", "series_id,value\na,=1+1\n"),
        ("csv", "series_id,value\na\n"),
        ("csv", "series_id,value\na,nan\n"),
        ("tsv", "series_id\n\x1b[31mred\n"),
        ("json", '{"rows": [NaN], "notes": [], "provenance": {}}'),
        ("ndjson", "[1]\n"),
        ("markdown", "\x9b1m"),
        ("svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        (
            "html",
            "<html><head><style></style></head><body><main><h1></h1><script></script><script></script></main></body>",
        ),
        (
            "html",
            "<html><head><style></style></head><body><main><h1><img src=x></h1><script></script></main></body></html>",
        ),
    ],
)
def test_what_harms_is_seen(format: str, text: str) -> None:  # noqa: A002 - the option's name
    with pytest.raises(BrokenPromiseError):
        parses(text, format)


def test_runs_stay_in_their_folder() -> None:
    assert safe("--output=/etc/passwd") == "--output=∕etc∕passwd"
    before = sorted(folder().iterdir())
    played = play(["project", "sound0.csv", "-o", "out.csv"], b"")
    assert (played.code, list(played.written)) == (0, ["out.csv"])
    assert sorted(folder().iterdir()) == before


def test_every_command_and_nearly_every_option_takes_part() -> None:
    assert {"project", "batch", "series check", "models"} <= {" ".join(one.words) for one in COMMANDS}
    (project,) = (one for one in COMMANDS if one.words == ("project",))
    assert {"--year", "--model", "--output", "--encoding", "--as-of"} <= {
        name for one in project.options for name in one.opts
    }
