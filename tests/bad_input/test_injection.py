"""Text from data that wants to be code: in ids, units, notes, sources, titles, names and options, in every output."""

from __future__ import annotations

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

DOWNLOADS = ("data:text/csv;base64,", "data:application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;base64,")
"""What a page offers to download."""


def panel(payload: str) -> list[dict[str, object]]:
    """Rows whose every text is the payload."""
    return [
        {
            "series_id": payload,
            "year": year,
            "value": value,
            "unit": payload,
            "definition": payload,
            "source": payload,
            "status": "forecast" if year == 2017 else "actual",
            "note": payload,
        }
        for year, value in ((2014, 180), (2015, 353), (2016, 482), (2017, 600))
    ]


def written(folder: Path, payload: str) -> str:
    """A document with one series made of a payload, in a file named after it."""
    name = payload.replace("/", "∕").replace("\x00", "")[:60]
    path = folder / f"{name}.json"
    about = [{"id": payload, "title": payload, "definition": payload, "publisher": payload, "caveat": payload}]
    path.write_text(json.dumps({"series": about, "rows": panel(payload)}), encoding="utf-8")
    return str(path)


@pytest.fixture(params=PAYLOADS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file of one payload."""
    return written(tmp_path, PAYLOADS[request.param])


@pytest.fixture(params=range(0, len(PAYLOADS), 4))
def mixture(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file of four payloads at once, for outputs that are slow to make and do not care where a text begins."""
    return written(tmp_path, " ".join([*PAYLOADS.values()][request.param : request.param + 4]))


def run(cli: Cli, *arguments: str) -> str:
    outcome = cli(*arguments)
    assert outcome.code == 0, outcome.err
    check_text(outcome.err)
    return outcome.out


SAYING = (["project", "--history"], ["series", "show"], ["growth"], ["series", "check"])


def test_terminals_and_machines_get_plain_text(source: str, cli: Cli) -> None:
    for command, *options in SAYING:
        arguments = ["series", options[0], source] if command == "series" else [command, source, *options]
        for form in ("json", "ndjson", "csv", "tsv"):
            text = cli(*arguments, "--format", form).out
            check_text(text)
            if form in ("csv", "tsv"):
                for row in csv.reader(io.StringIO(text, newline=""), delimiter="," if form == "csv" else "\t"):
                    assert not [cell for cell in row if is_formula(cell)]
            elif form == "json":
                json.loads(text)
            else:
                [json.loads(line) for line in text.split("\n") if line]


def test_records_of_hostile_texts_are_plain(source: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text(run(cli, "project", source, "--until", "2015", "--year", "2019", "-f", "json"))
    for command in (["score", "kept.json", "--with", source], ["revise", "kept.json", source]):
        command[1] = str(tmp_path / "kept.json")
        for form in ("json", "csv", "table", "markdown"):
            text = run(cli, *command, "--format", form)
            check_text(text)
            if form == "csv":
                assert not [
                    cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if is_formula(cell)
                ]
    run(cli, "project", source, "--keep", str(tmp_path / "kept"))
    (path,) = (tmp_path / "kept").iterdir()
    assert re.fullmatch(r"[\w.-]+\.json", path.name)


def test_payloads_reach_the_output_and_are_guarded_there(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(panel(PAYLOADS["formula"])))
    assert "\n'=cmd|' /C calc'!A0,2018,forecast" in run(cli, "project", str(path), "--format", "csv")
    path.write_text(json.dumps(panel(PAYLOADS["page"])))
    assert '"series_id": "<script>alert(1)' in run(cli, "project", str(path), "--format", "json")
    assert "&lt;script&gt;alert(1)" in run(cli, "series", "show", str(path), "--format", "markdown")


def is_formula(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return OPENING.match(cell) is not None
    return False


def test_tables_show_and_obey_nothing(mixture: str, cli: Cli) -> None:
    for arguments in (["series", "show", mixture], ["growth", mixture]):
        for color in ("never", "always"):
            text = run(cli, *arguments, "--format", "table", "--color", color)
            check_text(re.sub("\x1b\\[(?:0|1|2)(?:;\\d+)?m", "", text) if color == "always" else text)


def test_markdown_has_no_live_markup(source: str, cli: Cli) -> None:
    for arguments in (["series", "show", source], ["growth", source]):
        text = run(cli, *arguments, "--format", "markdown")
        check_text(text)
        bare = re.sub(r"\\.", "", text)
        assert not re.search(r"<\w|\]\(|!\[|`|\$", bare), bare
        headings = [line for line in text.splitlines() if line.startswith("#")]
        assert not [line for line in headings if line == "# heading"]


def strings_of(file: ZipFile) -> Iterator[str]:
    for part in file.namelist():
        if part.endswith((".xml", ".rels")):
            for element in ET.fromstring(file.read(part)).iter():
                yield element.tag.rpartition("}")[2]


def test_workbooks_hold_text_alone(mixture: str, cli: Cli, tmp_path: Path) -> None:
    for arguments in (["project", mixture, "--history"], ["series", "show", mixture]):
        path = tmp_path / "out.xlsx"
        run(cli, *arguments, "-o", str(path))
        with ZipFile(path) as file:
            assert not set(strings_of(file)) & {"externalReference", "ddeLink", "oleLink"}
            assert not [part for part in file.namelist() if b'TargetMode="External"' in file.read(part)]  # links within
            for part in file.namelist():
                if part.startswith("xl/worksheets/sheet"):
                    formulas = re.findall(rb"<f>(.*?)</f>", file.read(part))
                    assert all(re.fullmatch(rb"[A-Za-z0-9$+*/^().,!:_'= -]*", formula) for formula in formulas)
                if part.startswith("xl/charts/"):
                    formulas = re.findall(rb"<c:f>(.*?)</c:f>", file.read(part))
                    assert all(re.fullmatch(rb"'?[^!]+'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", one) for one in formulas)


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
    assert all(value.startswith(DOWNLOADS) for value in links)
    assert "49" not in re.findall(r">\s*49\s*<", text)


def test_pictures_hold_text_alone(mixture: str, cli: Cli) -> None:
    text = run(cli, "chart", mixture, "--format", "svg")
    check_text(text)
    root = ET.fromstring(text)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "image", "a", "foreignObject"}
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]


def test_terminal_charts_show_and_obey_nothing(mixture: str, cli: Cli) -> None:
    check_text(run(cli, "chart", mixture, "--format", "table", "--color", "never"))


def test_batches_write_plain_text(source: str, cli: Cli, tmp_path: Path) -> None:
    for form in ("csv", "json", "ndjson"):
        outcome = cli("batch", source, "--format", form)
        assert outcome.code in (0, 5)
        check_text(outcome.out + outcome.err)
        if form == "csv":
            for row in csv.reader(io.StringIO(outcome.out, newline="")):
                assert not [cell for cell in row if is_formula(cell)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_refusals_and_lists_of_refused_series_are_plain(payload: str, cli: Cli, tmp_path: Path) -> None:
    text = PAYLOADS[payload]
    path = tmp_path / "a.ndjson"
    rows = [{"series_id": text, "year": 2014, "value": text}, {"series_id": "good", "year": 2014, "value": 1}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for arguments in (["project", str(path)], ["batch", str(path)], ["batch", str(path), "--format", "json"]):
        outcome = cli(*arguments)
        assert outcome.code in (3, 5)
        check_text(outcome.out + outcome.err)
    out = tmp_path / "out.csv"
    assert cli("batch", str(path), "-o", str(out)).code == 5
    listed = (tmp_path / "out.refused.csv").read_text(encoding="utf-8")
    check_text(listed)
    for row in csv.reader(io.StringIO(listed, newline="")):
        assert not [cell for cell in row if is_formula(cell)]


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one != "nul"])
def test_options_are_echoed_in_print(payload: str, cli: Cli) -> None:
    text = PAYLOADS[payload]
    for arguments in (
        ["project", text],
        [text],
        ["project", f"--{text}"],
        ["project", "--model", text],
        ["project", "--format", text],
        ["project", "--as-of", text],
        ["project", "--currency", text],
        ["project", "--year", text],
        ["series", "show", text],
        ["models", "show", text],
        ["scenario", "--growth", text],
        ["project", "--format", "json", "--model", text],
    ):
        outcome = cli(*arguments)
        assert outcome.code in (0, 2, 3), outcome.err
        check_text(outcome.err)
