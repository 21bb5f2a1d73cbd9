"""One record per person: likeness, suspects, merge and undo (decisions 18)."""
