"""Text from data that wants to be code: in ids, units, notes, sources, titles, names and options,
in every output.
"""

import json
import re
from pathlib import Path

import pytest

from tests.fuzz.promises import check_text, parses
from tests.inside import Cli

pytestmark = pytest.mark.slow

PAYLOADS = {
    "colour": "\x1b[31mred\x1b[0m",
    "link": "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;QQ==\x07copied",
    "title": "\x1b]0;owned\x1b\\shown",
    "c1": "\x9b31mred\x9d0;owned\x9c",
    "nested": "\x1b\x1b[31m[31mred",
    "markup": "[bold red]x[/] [link=http://evil.example]y[/link] [/]",
    "page": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onload=\"alert(1)\" ' onload='alert(1)'",
    "comment": "]]><!-- --><![CDATA[<svg onload=alert(1)>",
    "template": "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "space": "\u3000=1+1",
    "unseen": "\u2060=1+1",
    "tag": "\U000e0001\U000e0041=1+1",
    "wide": "＝1+1",
    "line": "=1+1\r\n=2+2\n# heading\n| a | b |",
    "reordered": "\u202egpj.exe \u2066a\u2069 \u061cb",
    "mathematics": "$\\href{javascript:alert(1)}{x}$ \\textbf{x}",
    "markdown": "[x](javascript:alert(1)) ![y](http://evil.example/a.png) <https://evil.example> **b** `c` ~~d~~",
    "nul": "a\x00b\x08\x7f",
    "no character": "\ufffe\uffff\ufdd0=1",
    "workbook escape": "_x001B_[31m",
}
MIXTURES = [" ".join([*PAYLOADS.values()][at : at + 4]) for at in range(0, len(PAYLOADS), 4)]
"""Four payloads at once, for outputs that are slow to make and do not care where a text begins."""


def panel(payload: str) -> list[dict[str, object]]:
    texts = dict.fromkeys(("series_id", "unit", "definition", "source", "note"), payload)
    return [
        {**texts, "year": year, "value": value, "status": "forecast" if year == 2017 else "actual"}
        for year, value in ((2014, 180), (2015, 353), (2016, 482), (2017, 600))
    ]


def written(folder: Path, payload: str) -> str:
    """A document with one series made of a payload, in a file named after it."""
    name = payload.replace("/", "∕").replace("\x00", "")[:60]
    path = folder / f"{name}.json"
    about = [dict.fromkeys(("id", "title", "definition", "publisher", "caveat"), payload)]
    path.write_text(json.dumps({"series": about, "rows": panel(payload)}), encoding="utf-8")
    return str(path)


@pytest.fixture(params=PAYLOADS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return written(tmp_path, PAYLOADS[request.param])


@pytest.fixture(params=range(len(MIXTURES)))
def mixture(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return written(tmp_path, MIXTURES[request.param])


def run(cli: Cli, *arguments: object) -> str:
    outcome = cli(*arguments)
    assert outcome.code == 0, outcome.err
    check_text(outcome.err)
    return outcome.out


def check(cli: Cli, form: str, *arguments: object) -> str:
    """Hold the output of a command against its format: plain text, of which no program computes or
    obeys a part.
    """
    text = run(cli, *arguments, "--format", form)
    parses(text, form)
    return text


def test_machines_get_plain_text_and_markdown_has_no_live_markup(source: str, cli: Cli) -> None:
    for arguments in (
        ["project", source, "--history"],
        ["series", "show", source],
        ["growth", source],
    ):
        for form in ("csv", "tsv"):
            check(cli, form, *arguments)
    for form in ("json", "ndjson"):
        check(cli, form, "project", source, "--history")
    parses(cli("series", "check", source, "--format", "csv").out, "csv")
    for arguments in (["series", "show", source], ["growth", source]):
        text = check(cli, "markdown", *arguments)
        bare = re.sub(r"\\.", "", text)
        assert not re.search(r"<\w|\]\(|!\[|`|\$", bare), bare
        assert "# heading" not in text.splitlines()


def test_records_of_hostile_texts_are_plain(mixture: str, cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(run(cli, "project", mixture, "--until", "2015", "--year", "2019", "-f", "json"))
    for command in (["score", kept, "--with", mixture], ["revise", kept, mixture]):
        for form in ("csv", "table", "json"):
            check(cli, form, *command)
    run(cli, "project", mixture, "--keep", tmp_path / "kept")
    (path,) = (tmp_path / "kept").iterdir()
    assert re.fullmatch(r"[\w.-]+\.json", path.name)


def test_payloads_reach_the_output_and_are_guarded_there(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(panel(PAYLOADS["formula"])))
    assert "\n'=cmd|' /C calc'!A0,2018,forecast" in run(cli, "project", path, "--format", "csv")
    path.write_text(json.dumps(panel(PAYLOADS["page"])))
    assert '"series_id": "<script>alert(1)' in run(cli, "project", path, "--format", "json")
    assert "&lt;script&gt;alert(1)" in run(cli, "series", "show", path, "--format", "markdown")


def test_terminals_show_and_obey_nothing(mixture: str, cli: Cli) -> None:
    for arguments in (["series", "show", mixture], ["growth", mixture], ["chart", mixture]):
        check(cli, "table", *arguments, "--color", "never")
    coloured = run(cli, "series", "show", mixture, "--format", "table", "--color", "always")
    check_text(re.sub("\x1b\\[(?:0|1|2)(?:;\\d+)?m", "", coloured))


def test_workbooks_pages_and_pictures_hold_text_alone(
    mixture: str, cli: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    for arguments in (["project", mixture, "--history"], ["series", "show", mixture]):
        run(cli, *arguments, "-o", path)
        parses(path.read_bytes(), "xlsx")
    title = PAYLOADS["page"] + PAYLOADS["reordered"]
    page = check(cli, "html", "exhibit", mixture, "--appendix", "--title", title)
    assert "49" not in re.findall(r">\s*49\s*<", page)
    check(cli, "svg", "chart", mixture)


def test_batches_of_hostile_series_and_what_they_refuse_are_plain(cli: Cli, tmp_path: Path) -> None:
    read = tmp_path / "a.json"
    refused = tmp_path / "a.ndjson"
    out = tmp_path / "out.csv"
    read.write_text(
        json.dumps(
            [row for payload in PAYLOADS.values() for row in panel(payload) if row["year"] < 2017]
        )
    )
    rows = [{"series_id": payload, "year": 2014, "value": payload} for payload in PAYLOADS.values()]
    rows.append({"series_id": "good", "year": 2014, "value": 1})
    refused.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for path in (read, refused):
        for form in ("csv", "json", "ndjson"):
            outcome = cli("batch", path, "--format", form)
            assert outcome.code in (0, 5), outcome.err
            check_text(outcome.err)
            parses(outcome.out, form)
    assert cli("batch", refused, "-o", out).code == 5
    parses((tmp_path / "out.refused.csv").read_text(encoding="utf-8"), "csv")
    check_text(cli("project", refused).err)


@pytest.mark.parametrize(
    "text", [one.replace("\x00", "") for one in MIXTURES], ids=range(len(MIXTURES))
)
def test_options_are_echoed_in_print(text: str, cli: Cli) -> None:
    options = ("--model", "--format", "--as-of", "--currency", "--year", f"--{text}")
    of_commands = (
        ["series", "show"],
        ["models"],
        ["scenario", "--growth"],
        ["project", "-f", "json", "--model"],
        [],
    )
    for arguments in (*(["project", option] for option in options), ["project"], *of_commands):
        outcome = cli(*arguments, text)
        assert outcome.code in (0, 2, 3), outcome.err
        check_text(outcome.err)
