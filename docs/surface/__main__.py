"""Writes every file that is made from the command surface."""

from pathlib import Path

from docs.surface import bash, fish, manual, zsh
from rural_forecast.cli import shells
from rural_forecast.cli.spec import spec

MANUAL = Path(__file__).with_name("rural-forecast.1")


def made() -> dict[Path, str]:
    """The text of each file."""
    told = spec()
    return {
        MANUAL: manual.page(told),
        shells.path("bash"): bash.script(told),
        shells.path("zsh"): zsh.script(told),
        shells.path("fish"): fish.script(told),
    }


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8", newline="\n")
