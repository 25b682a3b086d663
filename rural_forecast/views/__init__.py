"""One file a command: a result becomes a `Document`."""
