"""Every target on the same cases each time and on every input that once broke a promise; a broken
promise is seen.
"""

from itertools import repeat
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, RuralForecastError
from tests.fuzz import promises
from tests.fuzz.choices import cases
from tests.fuzz.playing import folder, play, safe
from tests.fuzz.promises import BrokenPromiseError, attempt, parses, refusals
from tests.fuzz.targets import SHARES, target
from tests.fuzz.targets.command import COMMANDS

CASES = 2000
"""Of all targets together, by their shares."""
SEED = 20170720
FOUND = sorted((Path(__file__).parent / "found").glob("[!.]*"))


@pytest.mark.parametrize("name", SHARES)
def test_promises_hold(name: str) -> None:
    chosen = target(name)
    for data in cases(chosen.SEEDS, CASES * SHARES[name] // 100, SEED):
        try:
            attempt(chosen.test, data)
        except BaseException as broken:
            broken.add_note(f"{name} on {data!r}")
            raise


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_found_once_holds_now(path: Path) -> None:
    attempt(target(path.name.rpartition("-")[0]).test, path.read_bytes())


def test_limits_are_kept_and_defects_are_no_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "_memory", iter((1 << 29, 3 << 29)).__next__)
    with pytest.raises(BrokenPromiseError, match="memory grew to 1536 MB"):
        attempt(lambda _data: None, b"")
    monkeypatch.undo()
    monkeypatch.setattr(promises, "MOST_SECONDS", 0.05)

    with pytest.raises(BrokenPromiseError, match="more than 0"):
        attempt(lambda _data: sum(1 for _ in repeat(None)), b"")
    with refusals():
        raise InputError("market.csv is empty")
    for told in (RuralForecastError("a defect"), InputError(" ")):
        with pytest.raises(BrokenPromiseError), refusals():
            raise told


PAGE = "<html><head><style></style></head><body><main><h1>{}</h1><script></script>{}</main></body></html>"


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
        ("html", PAGE.format("", "<script></script>")),
        ("html", PAGE.format("<img src=x>", "")),
    ],
)
def test_what_harms_is_seen(format: str, text: str) -> None:  # noqa: A002 - the option's name
    with pytest.raises(BrokenPromiseError):
        parses(text, format)


def test_every_command_takes_part_and_runs_stay_in_their_folder() -> None:
    options = {
        " ".join(one.words): {name for option in one.options for name in option.names}
        for one in COMMANDS
    }
    assert {"batch", "series check", "models"} <= options.keys()
    assert {"--year", "--model", "--output", "--encoding", "--as-of"} <= options["project"]
    assert safe("--output=/etc/passwd") == "--output=∕etc∕passwd"
    before = sorted(folder().iterdir())
    played = play(["project", "sound0.csv", "-o", "out.csv"], b"")
    assert (played.code, list(played.written)) == (0, ["out.csv"])
    assert sorted(folder().iterdir()) == before
