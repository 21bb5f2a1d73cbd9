"""What a person reproaches us with: read by somebody it is not about, answered in its own time (G23)."""
