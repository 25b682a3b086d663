"""Growth paths, ceilings, shocks and overrides next to the baseline."""
