"""Growth paths, ceilings, shocks and overrides beside the baseline."""
