"""The output of commands as immutable data, before any format is chosen."""
