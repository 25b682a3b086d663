"""Paths that are no plain files, and names that are hard to print."""

import os
from pathlib import Path

import pytest

from tests.bad_input.refusals import GOOD, check_refusal, refuse
from tests.inside import Cli, Outcome
from tests.programs import as_anybody, shell

pytestmark = pytest.mark.skipif(os.name != "posix", reason="devices and pipes are those of POSIX")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full"])
@pytest.mark.parametrize("command", ["project", "batch"])
def test_devices_are_refused_and_never_read_for_ever(device: str, command: str, cli: Cli) -> None:
    outcome = cli(command, device)
    check_refusal(outcome, 3, f"{Path(device).name} is a device, not a file", "standard input")


@pytest.mark.parametrize("command", ["size", "scenario"])
def test_devices_are_no_models(command: str, cli: Cli) -> None:
    arguments = ["size", "/dev/zero"] if command == "size" else ["scenario", "--from", "/dev/zero"]
    check_refusal(cli(*arguments), 3, "/dev/zero is a device")


def test_a_series_of_a_model_may_be_no_device(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    model = tmp_path / "model.toml"
    model.write_text(
        'unit = "bn CNY"\nyears = 2027\nformula = "market"\n[drivers.market]\nunit = "bn CNY"\nseries = "./zero.csv"\n'
    )
    check_refusal(cli("size", model), 3, "zero.csv is a device, not a file")


def test_links_that_lead_nowhere_or_in_a_circle(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to("nowhere.csv")
    (tmp_path / "one.csv").symlink_to("two.csv")
    (tmp_path / "two.csv").symlink_to("one.csv")
    refuse(cli, tmp_path / "gone.csv", "There is no file")
    refuse(cli, tmp_path / "one.csv", "Too many levels of symbolic links", "Check the name")
    check_refusal(cli("batch", tmp_path / "one.csv"), 3, "Too many levels of symbolic links")
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "link.csv").symlink_to("good.csv")
    assert cli("project", tmp_path / "link.csv").code == 0


def test_folders_addresses_and_homes(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "folder.csv").mkdir()
    refuse(cli, tmp_path / "folder.csv", "folder.csv is a folder, not a file", "Name a file")
    check_refusal(cli("project", f"{tmp_path}/"), 3, "is a folder, not a file", "good.csv")
    check_refusal(cli("project", f"{tmp_path}/good.csv/"), 3, "There is no file", "Check the name")
    for address in ("https://example.org/data.csv", "http://example.org/data", "s3://bucket/data.csv"):
        check_refusal(cli("project", address), 3, f"There is no file '{address}'", "curl -L ADDRESS")
    check_refusal(cli("batch", "https://example.org/data"), 3, "There is no file", "curl -L ADDRESS")
    check_refusal(cli("project", ""), 2, "There is no series ''")
    check_refusal(cli("batch", ""), 3, "There is no file ''")
    check_refusal(cli("project", "nul\0.csv"), 3, "its name cannot be a file's")


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
