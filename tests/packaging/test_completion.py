"""The completions in the shells themselves: what a person types before Tab, and what stands there after it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from rural_forecast.cli.shells import path

TYPED = [
    ("pro", "project "),
    ("project --hist", "project --history "),
    ("project --reconcile me", "project --reconcile median "),
    ("project --format nd", "project --format ndjson "),
    ("project --format=nd", "project --format=ndjson "),
    ("project -f nd", "project -f ndjson "),
    ("project --model damped_d", "project --model damped_drift "),
    ("project turno", "project turnover "),
    ("project --year 2018 turno", "project --year 2018 turnover "),
    ("growth turnover consumption_rur", "growth turnover consumption_rural "),
    ("chart --format sv", "chart --format svg "),
    ("report --size rural_re", "report --size rural_retailer "),
    ("batch mar", "batch market\\ of\\ mine.csv "),
    ("project -o mar", "project -o market\\ of\\ mine.csv "),
    ("project mar", "project market\\ of\\ mine.csv "),
    ("size rural_re", "size rural_retailer "),
    ("series sh", "series show "),
    ("series show mofcom_g", "series show mofcom_goods "),
    ("models show arim", "models show arima "),
    ("models list --quie", "models list --quiet "),
    ("--completion fi", "--completion fish "),
    ("project my_m", "project my_market_2 "),
    # Nothing fits:
    ("models list turno", "models list turno"),
    ("chart --format nd", "chart --format nd"),
    ("project --year turno", "project --year turno"),
]
"""A line without the program, and the same line after Tab."""
ZSH = "PROMPT='READY''> '; unsetopt prompt_sp beep; autoload -Uz compinit"
START = {
    "bash": (["--norc", "--noprofile", "-i"], "bind 'set bell-style none'; PS1='READY''> '; eval \"$({printed})\""),
    "zsh": (["-f", "-i"], f'{ZSH}; compinit -u -D; eval "$({{printed}})"'),
    "zsh, found": (["-f", "-i"], f"fpath=('{path('zsh').parent}' $fpath); {ZSH}; compinit -u -D"),
}
"""Arguments of a shell and what it runs at its start; `found` reads the file from the folder where it lies."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of a difficult name, and a catalogue of one's own."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "market of mine.csv").touch()
    mine = folder / "mine"
    mine.mkdir()
    (mine / "series.csv").write_text("series_id,title,measure,frequency,unit\nmy_market_2,Mine,flow,annual,t\n")
    (mine / "sources.csv").write_text("source_id,publisher,title_in_own_words\nme,Me,Notes\n")
    (mine / "observations.csv").write_text("series_id,period,value,source_id\nmy_market_2,2020,3,me\n")
    return folder


@pytest.fixture(scope="module")
def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "TERM": "dumb",
        "LANG": "C.UTF-8",
        "RURAL_FORECAST_CATALOGUE": str(home / "mine"),
    }


def after_tab(way: str, home: Path, environment: dict[str, str]) -> Iterator[str]:
    """Each line of `TYPED` after Tab, in one interactive shell; the shell itself echoes what then stands there."""
    program, (arguments, start) = way.partition(",")[0], START[way]
    start = start.format(printed=f"rural-forecast --completion {program}")
    terminal = pexpect.spawn(
        program, arguments, env=environment, cwd=str(home), encoding="utf-8", timeout=30, dimensions=(50, 250)
    )
    terminal.sendline(f'{start}; echo LOA""DED')
    terminal.expect("LOADED\r\n.*READY> ")
    for typed, _ in TYPED:
        terminal.send(f"rural-forecast {typed}\t")
        terminal.send("@\x01printf 'TO''LD<%s>\\n' '\x05'\r")  # quote the whole line, a sign behind where Tab left it
        terminal.expect("TOLD<rural-forecast (.*)@>\r\n")
        yield terminal.match[1]
        terminal.expect("READY> ")
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)


@pytest.mark.parametrize("way", START)
def test_tab_completes_the_line(way: str, home: Path, environment: dict[str, str]) -> None:
    if shutil.which(way.partition(",")[0]) is None:
        pytest.skip(f"{way} is not installed")
    found = dict(zip((typed for typed, _ in TYPED), after_tab(way, home, environment), strict=True))
    assert found == dict(TYPED)


def test_tab_completes_the_line_in_fish(home: Path, environment: dict[str, str]) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    lines = "\n".join(f"complete -C 'rural-forecast {typed}'; echo =" for typed, _ in TYPED)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source '{path('fish')}'\n{lines}"],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    offered = [[one.partition("\t")[0] for one in block.split("\n") if one] for block in done.stdout.split("=\n")[:-1]]
    for (typed, completed), found in zip(TYPED, offered, strict=True):
        last = completed.removeprefix(typed.rpartition(" ")[0]).strip().replace("\\ ", " ")
        if completed == typed:
            assert found == [], typed
        else:
            assert last in found, typed
