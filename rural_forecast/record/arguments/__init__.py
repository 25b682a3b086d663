"""The arguments for one number, each in a file."""
