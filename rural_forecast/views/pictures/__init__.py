"""One file a kind of picture: result -> Picture."""
