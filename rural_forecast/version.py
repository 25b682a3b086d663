"""The version, a literal: reading package metadata costs as much as the whole `--version` call."""

__version__ = "4.1.0"
