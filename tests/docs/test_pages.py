"""The documentation is true: every block runs; promises, figures, pictures, reference and links
hold.
"""

import doctest
import importlib
import re
import shutil
import tomllib
from pathlib import Path

import pytest

import rural_forecast
from docs.generator.links import faults
from docs.generator.mirror import DOCS
from docs.generator.pictures import GALLERY, IMAGES, made, shown
from docs.generator.reference import stale
from docs.generator.site import SITE, build
from tests.docs.running import (
    BLOCK,
    ROOT,
    blocks,
    commands,
    every_page,
    outputs,
    refreshed,
    terminal,
)
from tests.inside import typed
from tests.render.documents import has_chinese

PAGES = every_page()
# It has a test of its own, pictures and all.
OTHERS = [page for page in PAGES if page.name != "gallery.md"]


@pytest.mark.parametrize("page", OTHERS, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_run_and_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for printed in outputs(page.read_text(), tmp_path):
        assert rounded(printed.really) == rounded(printed.page), printed.what


def rounded(text: str) -> str:
    """Raw numbers to nine digits: the last bits of a matrix product differ between processors."""
    return re.sub(r"-?\d+\.\d{8,}", lambda number: f"{float(number[0]):.9g}", text).rstrip("\n")


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("```sh\nfalse\n```\n", "exit code 1"),
        ('```python\nassert 1 == 2, "wrong"\n```\n', "wrong"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected"),
        ("```klingon\nx\n```\n", "kind 'klingon'"),
        (
            '<!-- not run: no reason -->\n```python\nimport rural_forecast as rf\nrf.foretell("x")\n```\n',
            "foretell",
        ),
        (
            "<!-- not run: a cluster -->\n```sh\nrural-forecast batch x.csv --cluster y\n```\n",
            "no option --cluster",
        ),
        (
            "<!-- not run: a cluster -->\n```sh\nrural-forecast bunch x.csv\n```\n",
            "no command 'bunch'",
        ),
        ('```toml\n[scenarios.x]\ngrowth = "much"\n```\n', "growth"),
    ],
)
def test_a_block_that_is_wrong_is_found(page: str, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=wrong):
        list(outputs(page, tmp_path))


def test_text_below_python_is_its_output_and_a_reader_that_goes_is_not_told(tmp_path: Path) -> None:
    python = 'from pathlib import Path\nprint(Path("a.csv").read_text())'
    page = f'```csv title="a.csv"\nx\n```\n\n```python\n{python}\n```\n\n```text\ny\n```\n'
    page += "```console\n$ yes | cut -c1 | head -n 1\nz\n```\n"
    shown = [(printed.really.strip(), printed.page.strip()) for printed in outputs(page, tmp_path)]
    assert shown == [("x", "y"), ("y", "z")]


def test_readme_and_ci_share_the_test_command() -> None:
    text = (ROOT / "README.md").read_text()
    assert (
        next(line for line in text.splitlines() if line.endswith("poe test"))
        in (ROOT / ".ci" / "run").read_text()
    )


def test_the_text_for_the_first_picture_has_the_numbers_of_the_picture() -> None:
    described = {
        alternative
        for page in (ROOT / "README.md", ROOT / "docs" / "gallery.md")
        for alternative in re.findall(r"!\[(.*)\]\(.*hero\.png\)", page.read_text(encoding="utf-8"))
    }
    drawn = typed("chart", "mofcom", "--year", 2030, "-f", "svg").out
    (title,) = re.findall(r"<title>(.*)</title>", drawn)
    (low, high) = re.findall(r"lies between (.*) and (\S*) tn yuan", drawn)[0]
    assert described == {f"{title}, four chances in five between {low} and {high}"}


def test_what_is_cut_out_of_an_output_is_not_nothing() -> None:
    shown = (
        step
        for page in PAGES
        for one in blocks(page.read_text())
        if one.kind == "console"
        for step in commands(one)
    )
    cut = [step for step in shown if re.search(r"\| (sed|grep|awk|cut|head|tail) ", step.command)]
    assert [step.command for step in cut if not step.output.strip()] == []


def test_numbers_in_the_text_of_the_tutorial_are_those_of_its_blocks() -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text()
    shown = "".join(block.text for block in blocks(page))
    numbers = re.findall(r"\b\d+(?:[,.]\d+)+\b|\b\d{3,}\b", BLOCK.sub("", page))
    assert [number for number in numbers if number not in shown] == ["3.11"]  # of Python


@pytest.mark.parametrize(
    "command",
    ["rural-forecast project nosuch", "nosuch", "exit 1", "echo 'error: x'; exit 3", "kill $$"],
)
def test_a_failed_command_is_never_written_into_a_page_but_findings_are(
    command: str, tmp_path: Path
) -> None:
    page = f"```console\n$ {command}\nThe forecast.\n```\n"
    with pytest.raises(AssertionError, match=re.escape(command)):
        refreshed(page, tmp_path)
    assert refreshed(page.replace("The forecast.", "error: shown"), tmp_path) != page
    page = "```console\n$ echo found; exit 3\nold\n$ echo refused; exit 5\nold\n```\n"
    assert refreshed(page, tmp_path) == page.replace("old", "found", 1).replace("old", "refused")


PROMISES = (ROOT / "docs" / "reference" / "promises.md").read_text(encoding="utf-8")
CLAIMS = [line for line in PROMISES.splitlines() if line.startswith("| ")][2:]
TASKS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["poe"]["tasks"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_confirmed_by_one_command(claim: str, tmp_path: Path) -> None:
    found = re.fullmatch(r"\| [^|]+ \| `([^`]+)` \|", claim)
    assert found
    match found[1].split():
        case ["rural-forecast", *_]:
            shown, code = terminal(found[1], tmp_path)
            assert code == 0, shown
        case ["uv", "run", "poe", task, *folders]:
            assert task in TASKS
            assert all((ROOT / folder).exists() for folder in folders)
        case ["uv", "run", "--script", script] | ["python", script]:
            assert (ROOT / script).is_file()
        case other:
            pytest.fail(f"unknown kind of command: {other}")


QUOTED = re.compile(r"<!-- measured: (\S+) -->\n(.*?)<!-- /measured -->", re.DOTALL)
QUOTING = [page for page in PAGES if QUOTED.search(page.read_text())]


def rows(text: str) -> list[list[str]]:
    lines = (line.strip().strip("|") for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_pages_that_argue_with_figures_quote_those_that_were_measured() -> None:
    for source, table in (
        quoted for page in QUOTING for quoted in QUOTED.findall(page.read_text())
    ):
        measured = rows((ROOT / source).read_text())
        for name, *figures in rows(table)[2:]:
            known = {cell for row in measured if row[0] == name for cell in row}
            assert known >= set(filter(None, figures)), (source, name)
    assert {page.stem for page in QUOTING} >= {
        "reference-class",
        "consensus",
        "intervals",
        "limits",
    }


def test_generated_pages_are_what_the_code_says() -> None:
    assert stale() == [], "Run `uv run poe regenerate`."


def test_python_page_has_every_public_name() -> None:
    page = (DOCS / "reference" / "python.md").read_text()
    for name in set(rural_forecast.__all__) - {"__version__"}:
        assert f"\n::: rural_forecast.{name}\n" in page


PACKAGE = Path(rural_forecast.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in PACKAGE.rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_example_in_a_docstring_gives_what_it_says(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_the_gallery_shows_what_its_commands_give(tmp_path: Path) -> None:
    text = GALLERY.read_text()
    for printed in outputs(
        text if has_chinese() else text.replace("--title 乡村网络零售额 ", ""), tmp_path
    ):
        assert rounded(printed.really) == rounded(printed.page), printed.what
    for name in (name for one in shown() for name in one.names if (tmp_path / name).is_file()):
        if name.endswith(".svg"):
            same((tmp_path / name).read_text(), (IMAGES / name).read_text())
        else:
            assert (tmp_path / name).stat().st_size > 5_000


def test_every_picture_is_in_the_gallery_and_those_of_terminals_show_what_is_printed(
    tmp_path: Path,
) -> None:
    elsewhere = {"notebook.png"}  # on the page of notebooks
    assert {name for one in shown() for name in one.names} == {
        file.name for file in IMAGES.iterdir()
    } - elsewhere
    terminals = [one for one in shown() if one.names[0].startswith("terminal-")]
    assert terminals
    for one in terminals:
        for name, content in made(one, tmp_path).items():
            same(content.decode(), (IMAGES / name).read_text())


def same(really: str, kept: str) -> None:
    """The same but for the last digits of coordinates, which differ between processors."""
    assert _NUMBER.sub("", really) == _NUMBER.sub("", kept)
    drawn, known = ([float(found) for found in _NUMBER.findall(text)] for text in (really, kept))
    assert drawn == pytest.approx(known, abs=0.02)


CHROMIUM = shutil.which("chromium")


def test_site_builds_and_reads_offline() -> None:
    assert build() == []
    assert not [name for name in ("generator", "manual") if (SITE / name).exists()], (
        "what makes pages is no page"
    )
    if CHROMIUM is None:
        pytest.skip("needs chromium")
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((SITE / "reference" / "python.html").as_uri())
        page.keyboard.press("Control+k")
        page.get_by_placeholder("Search").last.press_sequentially("ceiling", delay=20)
        page.get_by_text("results").first.wait_for()
        page.goto((SITE / "gallery.html").as_uri())
        broken = page.evaluate(
            "[...document.images].filter(image => !image.naturalWidth).map(image => image.src)"
        )
        page.goto((SITE / "how-to" / "nightly-batch.html").as_uri())
        block = page.locator(".highlight:has-text('cut -d') pre > code")
        # As the copy button of the theme does.
        block.evaluate("block => block.setAttribute('data-md-copying', '')")
        copied = block.inner_text()
        browser.close()
    assert broken == []
    assert copied.rstrip() == (
        'rural-forecast batch panel.csv --horizon 2 -o forecasts.csv; echo "exit code $?"\n'
        "cut -d, -f1-7 forecasts.csv\ncat forecasts.refused.csv"
    )
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_link_into_the_void_is_found(tmp_path: Path) -> None:
    links = ("b.html#there", "b.html#nowhere", "c.html", "https://elsewhere.example")
    script = '<script src="https://elsewhere.example/x.js"></script>'
    (tmp_path / "a.html").write_text("".join(f'<a href="{link}">x</a>' for link in links) + script)
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1>')
    found = faults(tmp_path)
    broken = ("#nowhere", "c.html", "x.js")
    assert [next(part for part in broken if part in fault) for fault in found] == [*broken]
