"""What every test of bad input uses: the command line within the process."""

from tests.cli.conftest import cli

__all__ = ["cli"]
