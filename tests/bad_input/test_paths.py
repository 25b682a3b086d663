"""Paths that are no plain files, and names that are hard to print."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad_input.refusals import GOOD, check_refusal, check_short, refuse, watched
from tests.inside import Cli, Outcome
from tests.programs import as_anybody, shell

REFUSED = [
    *(
        (command, f"/dev/{name}", 3, f"{name} is a device, not a file", "standard input")
        for command in ("project", "batch")
        for name in ("zero", "null", "full")
    ),
    ("size", "/dev/zero", 3, "/dev/zero is a device", ""),
    ("scenario --from", "/dev/zero", 3, "/dev/zero is a device", ""),
    ("size", "model.toml", 3, "zero.csv is a device, not a file", ""),
    ("project", "gone.csv", 3, "There is no file", "a link to a file that is not there"),
    ("project", "~/good.csv", 3, "There is no file", "outside of quotes"),
    ("project", "another.txt", 3, "There is no file", "files there are"),
    ("project", "one.csv", 3, "Too many levels of symbolic links", "Check the name"),
    ("batch", "one.csv", 3, "Too many levels of symbolic links", ""),
    ("project", "folder.csv", 3, "folder.csv is a folder, not a file", "Name a file"),
    ("project", "./", 3, "is a folder, not a file", "Name a file"),
    ("project", "good.csv/", 3, "There is no file", "Check the name"),
    ("size", "https://example.org/model.toml", 2, "names a model", "Download it"),
    ("project", "file:///etc/hosts", 2, "is a file of this machine", "by its path"),
    ("batch", "memory://data", 2, "memory:// is not read", "Addresses begin with"),
    ("project", "", 2, "There is no series ''", ""),
    ("batch", "", 3, "There is no file ''", ""),
    ("project", "nul\0.csv", 3, "its name cannot be a file's", ""),
    ("batch", "nul\0.csv", 3, "its name cannot be a file's", ""),
    ("score", "nul\0.json", 3, "its name cannot be a file's", ""),
    ("project", "half\ud800.csv", 3, "its name cannot be a file's", ""),
    ("project", "half\ud800.parquet", 3, "its name cannot be a file's", ""),
]
LINKS = {
    "gone.csv": "nowhere.csv",
    "one.csv": "two.csv",
    "two.csv": "one.csv",
    "zero.csv": "/dev/zero",
}
MODEL = 'unit = "bn CNY"\nyears = 2027\nformula = "market"\n[drivers.market]\nunit = "bn CNY"\nseries = "./zero.csv"\n'


@pytest.mark.parametrize(("command", "name", "code", "says", "hint"), REFUSED)
def test_what_is_no_file_is_refused_and_never_read_for_ever(
    command: str,
    name: str,
    code: int,
    says: str,
    hint: str,
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    Path("good.csv").write_text(GOOD)
    Path("model.toml").write_text(MODEL)
    for link, target in LINKS.items():
        Path(link).symlink_to(target)
    check_refusal(cli(*command.split(), name), code, says, hint)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("new\nline.csv", "new\\nline.csv:2"),
        ("\x1b[31mred\x1b]52;c;QQ==\x07.csv", "\\x1b[31mred\\x1b]52;c;QQ==\\x07.csv:2"),
        ("\u202efdp.csv", "\\u202efdp.csv:2"),
        (os.fsdecode(b"\xff\xfe.csv"), "\udcff\udcfe.csv:2"),
        ("[bold]x[bold].csv", "[bold]x[bold].csv:2"),
        ("=1+1.csv", "=1+1.csv:2"),
        ("农村 电商.csv", "农村 电商.csv:2"),
        ("-x.csv", "-x.csv:2"),
    ],
    ids=ascii,
)
@pytest.mark.slow
def test_names_are_told_in_print(name: str, told: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("year,value\n2014,many\n")
    refuse(cli, path, f"{told}: column 'value': 'many' is not a number")
    path.write_text(GOOD)
    (tmp_path / "link.csv").symlink_to(name)
    assert cli("project", tmp_path / "link.csv").code == 0
    for form in ("csv", "json", "ndjson", "table", "markdown"):
        outcome = cli("project", path, "--format", form)
        assert (outcome.code, all(line.isprintable() for line in outcome.out.splitlines())) == (
            0,
            True,
        )
    assert cli("batch", path).code == 0


@pytest.mark.slow
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(GOOD)
    path.chmod(0)
    done = shell(f"{as_anybody()} rf project {path}", fresh=True)
    check_refusal(Outcome(*done), 3, "may not be read: permission denied")


MB = 1024 * 1024
ROWS = b"year,value\n"
ONE = '{"year": 2014, "value": 180, "note": "'

LARGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "larger than what is read at once": ("a.csv", lambda: ROWS + b"x" * (65 * MB)),
    "a line of commas": ("a.csv", lambda: ROWS + b"," * (60 * MB)),
    "a quote that never closes": ("a.csv", lambda: ROWS + b'"' + b"1,1\n" * (400_000)),
    "rows without end": ("a.csv", lambda: ROWS + b"1,1\n" * (15 * MB)),
    "blank lines": ("a.csv", lambda: ROWS + b"\n" * (60 * MB)),
    "a million columns": (
        "a.csv",
        lambda: (
            b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + b",".join([b"1"] * 1_000_000)
        ),
    ),
    "six million cells": (
        "a.csv",
        lambda: (
            b"id,"
            + b",".join(b"%d" % i for i in range(1000, 6000))
            + (b"\ns" + b",12.5" * 5000) * 1200
        ),
    ),
    "cells that reach over rows and columns": (
        "a.html",
        lambda: b"<table>" + (b"<tr>" + b"<td colspan=500 rowspan=500>1" * 50) * 50 + b"</table>",
    ),
    "a list of lists": ("a.json", lambda: b"[" + b"[]," * (5 * MB) + b"[]]"),
    "a long document": ("a.json", lambda: b'["' + b"x" * (17 * MB) + b'"]'),
    "a key that stands twice among many": (
        "a.json",
        lambda: b"{" + b",".join(b'"k%d":1' % i for i in range(200_000)) + b',"k199999":2}',
    ),
    "a line of 50 MB": ("a.ndjson", lambda: ONE.encode() + b"x" * (50 * MB) + b'"}\n'),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LARGE)
def test_large_input_is_refused_cheaply(case: str, tmp_path: Path) -> None:
    name, make = LARGE[case]
    path = tmp_path / name
    path.write_bytes(make())
    check_refusal(watched("project", str(path)), 3, name)


@pytest.mark.slow
def test_batch_streams_a_line_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"series_id,year,value\na,2014," + b"1" * (50 * MB))
    check_short(watched("batch", str(path)), 3, 5)


def test_deep_json_is_refused_and_long_values_are_shortened(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    deep = "[" * 10_000 + "]" * 10_000
    texts = (
        deep,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        f'[{{"year": 2014, "value": {deep}}}]',
        "[" * 1_000_000,
    )
    for text in (*texts, f'{{"year": 2014, "value": 180}}\n{deep}'):
        path.write_text(text)
        check_refusal(
            cli("project", path),
            3,
            "more than 500,000 rows" if text[-1] == "[" else "nested too deeply",
        )
        assert cli("batch", path).code in (3, 5)
    path = tmp_path / "a.csv"
    path.write_text(f"year,value\n2014,{'9' * 100_000}\n")
    refuse(cli, path, f"'{'9' * 59}…'")
    path.write_text(f"series_id,year,value\n{'x' * 100_000},2014,1\n{'x' * 100_000}y,2014,1\n")
    refuse(cli, path, "2 series")


@pytest.mark.parametrize(
    "line",
    [
        "project X",
        "project Y",
        "project --model X",
        "project --currency X",
        "project --as-of X",
        "project --year 9",
        "project --level 9",
        "scenario --growth X",
        "series show X",
        "models show X",
        "size X",
        "size X/a.toml",
        "scenario --from X",
        "batch X.csv",
        "X",
        "--X",
    ],
)
def test_long_arguments_are_shortened(line: str, cli: Cli) -> None:
    long = {"X": "x" * 5000, "Y": "x y " * 5000, "9": "9" * 5000}
    outcome = cli(*(re.sub("[XY9]", lambda sign: long[sign[0]], word) for word in line.split()))
    assert outcome.code in (2, 3, 6)
    check_refusal(outcome, outcome.code)
