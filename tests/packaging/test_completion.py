"""Completion in the shells themselves: what a person types before Tab, and the line after it."""

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests import warm

COMPLETED = [
    ("pro", "project "),
    ("project --hist", "project --history "),
    ("project --model damped_d", "project --model damped_drift "),
    ("project --year 2018 turno", "project --year 2018 turnover "),
    ("growth turnover consumption_rur", "growth turnover consumption_rural "),
    ("batch mar", "batch market.csv "),
    ("series show mofcom_g", "series show mofcom_goods "),
    ("--ver", "--version "),
    ("project my_m", "project my_market_2 "),
    # Nothing fits:
    ("chart --format nd", "chart --format nd"),
]
"""A line without the program, and the same line after Tab."""
START = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        "bind 'set bell-style none'; PS1='READY''> '; source {script}",
    ),
    "zsh": (
        ["-f", "-i"],
        "PROMPT='READY''> '; unsetopt prompt_sp beep; autoload -Uz compinit; compinit -u -D; source {script}",
    ),
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """With a home that has a file and a catalogue of one's own."""
    home = tmp_path_factory.mktemp("home")
    files = {
        "market.csv": "year,turnover_bn,note\n2020,3,x\n",
        "mine/series.csv": "series_id,title,measure,frequency,unit\nmy_market_2,Mine,flow,annual,t\n",
        "mine/sources.csv": "source_id,publisher,title_in_own_words\nme,Me,Notes\n",
        "mine/observations.csv": "series_id,period,value,source_id\nmy_market_2,2020,3,me\n",
    }
    (home / "mine").mkdir()
    for name, text in files.items():
        (home / name).write_text(text)
    path = f"{warm.folder()}:{os.environ['PATH']}"  # every Tab runs the program
    kept = {"PATH": path, "HOME": str(home), "TERM": "dumb", "LANG": "C.UTF-8"}
    return kept | {
        "RURAL_FORECAST_CATALOGUE": str(home / "mine"),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }


def script(shell: str, environment: dict[str, str]) -> Path:
    """The completion script that the program prints for a shell; the test is skipped without the
    shell.
    """
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = Path(environment["HOME"]) / f"completion.{shell}"
    with file.open("w") as opened:
        subprocess.run(
            ["rural-forecast", "--show-completion", shell],
            env=environment,
            stdout=opened,
            check=True,
        )
    return file


@pytest.mark.parametrize("shell", START)
def test_tab_completes_the_line(shell: str, environment: dict[str, str]) -> None:
    arguments, start = START[shell]
    file = script(shell, environment)  # skips where there is no such shell
    terminal = pexpect.spawn(
        shell,
        arguments,
        env=environment,
        cwd=environment["HOME"],
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 250),
    )
    terminal.sendline(f'{start.format(script=file)}; echo LOA""DED')
    terminal.expect("LOADED\r\n.*READY> ")
    for typed, completed in COMPLETED:
        terminal.send(f"rural-forecast {typed}\t")
        # Quote the whole line, with a mark at the cursor.
        terminal.send("@\x01printf 'LI''NE<%s>\\n' '\x05'\r")
        terminal.expect("LINE<rural-forecast (.*)@>\r\n")
        assert terminal.match[1] == completed
        terminal.expect("READY> ")
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)


def test_tab_completes_the_line_in_fish(environment: dict[str, str]) -> None:
    lines = [f"source '{script('fish', environment)}'"]
    lines += [f"complete -C 'rural-forecast {typed}'; echo =" for typed, _ in COMPLETED]
    words = ["fish", "--no-config", "-c", "\n".join(lines)]
    done = subprocess.run(
        words, env=environment, cwd=environment["HOME"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    offered = [
        [one.partition("\t")[0] for one in block.split("\n") if one]
        for block in done.stdout.split("=\n")[:-1]
    ]
    for (typed, completed), found in zip(COMPLETED, offered, strict=True):
        last = completed.removeprefix(typed.rpartition(" ")[0]).strip()
        assert last in found if completed != typed else found == [], typed
