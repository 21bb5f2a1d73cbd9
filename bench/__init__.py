"""Benches: ``gruppetto bench NAME --json`` prints one object of figures; they are not timed tests (quality.md)."""
