"""Amounts in another currency, and in the prices of one year."""
