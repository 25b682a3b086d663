"""Paths that are no plain files, and names that are hard to print."""

import os
from pathlib import Path

import pytest

from tests.bad_input.refusals import GOOD, check_refusal, refuse
from tests.inside import Cli, Outcome
from tests.programs import as_anybody, shell

REFUSED = [
    *((command, f"/dev/{name}", 3, f"{name} is a device, not a file", "standard input")
      for command in ("project", "batch") for name in ("zero", "null", "full")),
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
    *(("project", address, 3, f"There is no file '{address}'", "curl -L ADDRESS")
      for address in ("https://example.org/data.csv", "http://example.org/data", "s3://bucket/data.csv")),
    ("batch", "https://example.org/data", 3, "There is no file", "curl -L ADDRESS"),
    ("project", "", 2, "There is no series ''", ""),
    ("batch", "", 3, "There is no file ''", ""),
    ("project", "nul\0.csv", 3, "its name cannot be a file's", ""),
]  # fmt: skip
LINKS = {"gone.csv": "nowhere.csv", "one.csv": "two.csv", "two.csv": "one.csv", "zero.csv": "/dev/zero"}
MODEL = 'unit = "bn CNY"\nyears = 2027\nformula = "market"\n[drivers.market]\nunit = "bn CNY"\nseries = "./zero.csv"\n'


@pytest.mark.parametrize(("command", "name", "code", "says", "hint"), REFUSED)
def test_what_is_no_file_is_refused_and_never_read_for_ever(
    command: str, name: str, code: int, says: str, hint: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        assert outcome.code == 0
        assert all(line.isprintable() for line in outcome.out.splitlines())
    outcome = cli("batch", path)
    assert outcome.code == 0, outcome.err


@pytest.mark.slow
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(GOOD)
    path.chmod(0)
    done = shell(f"{as_anybody()} rf project {path}", fresh=True)
    check_refusal(Outcome(*done), 3, "may not be read: permission denied")
