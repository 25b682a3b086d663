"""The version, a literal: reading package metadata costs as much as the whole `--version` call."""

__version__ = "2.3.0"
