"""One file a format: a `Document` becomes text or bytes. Nothing here knows what a forecast is."""
