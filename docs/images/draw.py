"""Draw the pictures of the documentation anew: `uv run poe pictures`, with chromium and a Chinese font."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
MARKET = "year,value\n2015,10.2\n2016,13.1\n2017,16.9\n2018,20.4\n2019,25.0\n2020,28.1\n2021,33.7\n2022,36.2\n"


def run(*arguments: str, stdin: str = "") -> None:
    subprocess.run([sys.executable, "-m", "rural_forecast", *arguments, "-q"], input=stdin, text=True, check=True)


run("chart", "turnover", "--year", "2018", "-o", str(HERE / "chart.png"))
run("chart", "-", "--title", "乡村网络零售额", "-o", str(HERE / "chart-chinese.png"), stdin=MARKET)
with TemporaryDirectory() as scratch, sync_playwright() as playwright:
    page_file = Path(scratch) / "turnover.html"
    run("report", "turnover", "--year", "2018", "-o", str(page_file))
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=switches)
    page = browser.new_page(viewport={"width": 1080, "height": 1180})
    page.goto(page_file.as_uri())
    page.screenshot(path=HERE / "report.png")
    browser.close()
