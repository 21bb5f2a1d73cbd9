"""Files people give us: known by their content, encrypted, quarantined until scanned, kept for a time."""
