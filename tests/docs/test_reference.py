"""The reference is what the code says, and the page of the Python API leaves nothing out."""

import rural_forecast
from docs.generator.mirror import DOCS
from docs.generator.reference import stale


def test_generated_pages_are_what_the_code_says() -> None:
    assert stale() == [], "Run `uv run poe regenerate`."


def test_python_page_has_every_public_name() -> None:
    page = (DOCS / "reference" / "python.md").read_text()
    assert "\n::: rural_forecast.objects.series.series\n" in page  # a package has the name as well
    for name in set(rural_forecast.__all__) - {"__version__", "series"}:
        assert f"\n::: rural_forecast.{name}\n" in page
