"""TOML files that people write: found, read within limits, and checked with file, line and key in every error."""
