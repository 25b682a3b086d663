"""Text from data that wants to be code: in ids, units, notes, sources, titles, names and options, in every output."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from tests.bad_input.refusals import check_text
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
OPENING = re.compile(r"\s*[=+\-@＝＋－＠].")
MIXTURES = [" ".join([*PAYLOADS.values()][at : at + 4]) for at in range(0, len(PAYLOADS), 4)]
"""Four payloads at once, for outputs that are slow to make and do not care where a text begins."""


def panel(payload: str) -> list[dict[str, object]]:
    """Rows whose every text is the payload."""
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
    """A file of one payload."""
    return written(tmp_path, PAYLOADS[request.param])


@pytest.fixture(params=range(len(MIXTURES)))
def mixture(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file of four payloads."""
    return written(tmp_path, MIXTURES[request.param])


def run(cli: Cli, *arguments: str) -> str:
    outcome = cli(*arguments)
    assert outcome.code == 0, outcome.err
    check_text(outcome.err)
    return outcome.out


def check_rows(text: str, form: str = "csv") -> None:
    """Plain text, of which a spreadsheet computes no cell."""
    check_text(text)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t" if form == "tsv" else ","):
        assert not [cell for cell in row if is_formula(cell)]


def is_formula(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return OPENING.match(cell) is not None
    return False


def test_machines_get_plain_text(source: str, cli: Cli) -> None:
    for arguments in (["project", source, "--history"], ["series", "show", source], ["growth", source]):
        for form in ("csv", "tsv"):
            check_rows(run(cli, *arguments, "--format", form), form)
    text = run(cli, "project", source, "--history", "--format", "json")
    check_text(text)
    json.loads(text)
    text = run(cli, "project", source, "--history", "--format", "ndjson")
    check_text(text)
    assert all(json.loads(line) for line in text.split("\n") if line)
    check_rows(cli("series", "check", source, "--format", "csv").out)


def test_records_of_hostile_texts_are_plain(mixture: str, cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(run(cli, "project", mixture, "--until", "2015", "--year", "2019", "-f", "json"))
    for command in (["score", str(kept), "--with", mixture], ["revise", str(kept), mixture]):
        check_rows(run(cli, *command, "--format", "csv"))
        check_text(run(cli, *command, "--format", "table") + run(cli, *command, "--format", "json"))
    run(cli, "project", mixture, "--keep", str(tmp_path / "kept"))
    (path,) = (tmp_path / "kept").iterdir()
    assert re.fullmatch(r"[\w.-]+\.json", path.name)


def test_payloads_reach_the_output_and_are_guarded_there(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(panel(PAYLOADS["formula"])))
    assert "\n'=cmd|' /C calc'!A0,2018,forecast" in run(cli, "project", str(path), "--format", "csv")
    path.write_text(json.dumps(panel(PAYLOADS["page"])))
    assert '"series_id": "<script>alert(1)' in run(cli, "project", str(path), "--format", "json")
    assert "&lt;script&gt;alert(1)" in run(cli, "series", "show", str(path), "--format", "markdown")


def test_terminals_show_and_obey_nothing(mixture: str, cli: Cli) -> None:
    for arguments in (["series", "show", mixture], ["growth", mixture], ["chart", mixture]):
        check_text(run(cli, *arguments, "--format", "table", "--color", "never"))
    coloured = run(cli, "series", "show", mixture, "--format", "table", "--color", "always")
    check_text(re.sub("\x1b\\[(?:0|1|2)(?:;\\d+)?m", "", coloured))


def test_markdown_has_no_live_markup(source: str, cli: Cli) -> None:
    for arguments in (["series", "show", source], ["growth", source]):
        text = run(cli, *arguments, "--format", "markdown")
        check_text(text)
        bare = re.sub(r"\\.", "", text)
        assert not re.search(r"<\w|\]\(|!\[|`|\$", bare), bare
        assert "# heading" not in text.splitlines()


def tags_of(file: ZipFile) -> Iterator[str]:
    for part in file.namelist():
        if part.endswith((".xml", ".rels")):
            for element in ET.fromstring(file.read(part)).iter():
                yield element.tag.rpartition("}")[2]


def test_workbooks_hold_text_alone(mixture: str, cli: Cli, tmp_path: Path) -> None:
    for arguments in (["project", mixture, "--history"], ["series", "show", mixture]):
        path = tmp_path / "out.xlsx"
        run(cli, *arguments, "-o", str(path))
        with ZipFile(path) as file:
            assert not set(tags_of(file)) & {"externalReference", "ddeLink", "oleLink"}
            assert not [part for part in file.namelist() if b'TargetMode="External"' in file.read(part)]  # links within
            for part in file.namelist():
                allowed = rb"[A-Za-z0-9$+*/^().,!:_'= -]*"
                if part.startswith("xl/charts/"):
                    allowed = rb"'?[^!]+'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?"
                formulas = re.findall(rb"<(?:c:)?f>(.*?)</(?:c:)?f>", file.read(part))
                assert all(re.fullmatch(allowed, formula) for formula in formulas)


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_pages_run_the_one_script_of_ours(mixture: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    run(cli, "exhibit", mixture, "--appendix", "-o", str(path), "--title", PAYLOADS["page"] + PAYLOADS["reordered"])
    text = path.read_text(encoding="utf-8")
    check_text(text)
    page = Page()
    page.feed(text)
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src") and not value.startswith("#")]
    assert not links
    assert "49" not in re.findall(r">\s*49\s*<", text)


def test_pictures_hold_text_alone(mixture: str, cli: Cli) -> None:
    text = run(cli, "chart", mixture, "--format", "svg")
    check_text(text)
    root = ET.fromstring(text)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "image", "a", "foreignObject"}
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]


def test_batches_of_hostile_series_and_what_they_refuse_are_plain(cli: Cli, tmp_path: Path) -> None:
    read, refused, out = tmp_path / "a.json", tmp_path / "a.ndjson", tmp_path / "out.csv"
    read.write_text(json.dumps([row for payload in PAYLOADS.values() for row in panel(payload) if row["year"] < 2017]))
    rows = [{"series_id": payload, "year": 2014, "value": payload} for payload in PAYLOADS.values()]
    rows.append({"series_id": "good", "year": 2014, "value": 1})
    refused.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for path in (read, refused):
        for form in ("csv", "json", "ndjson"):
            outcome = cli("batch", str(path), "--format", form)
            assert outcome.code in (0, 5), outcome.err
            check_text(outcome.out + outcome.err)
            if form == "csv":
                check_rows(outcome.out)
    assert cli("batch", str(refused), "-o", str(out)).code == 5
    check_rows((tmp_path / "out.refused.csv").read_text(encoding="utf-8"))
    check_text(cli("project", str(refused)).err)


@pytest.mark.parametrize("text", [one.replace("\x00", "") for one in MIXTURES], ids=range(len(MIXTURES)))
def test_options_are_echoed_in_print(text: str, cli: Cli) -> None:
    options = ("--model", "--format", "--as-of", "--currency", "--year", f"--{text}")
    of_commands = (["series", "show"], ["models"], ["scenario", "--growth"], ["project", "-f", "json", "--model"], [])
    for arguments in (*(["project", option] for option in options), ["project"], *of_commands):
        outcome = cli(*arguments, text)
        assert outcome.code in (0, 2, 3), outcome.err
        check_text(outcome.err)
