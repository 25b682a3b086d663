"""What an analyst does around the curve: nowcast, bottom-up, scenarios and overrides."""
