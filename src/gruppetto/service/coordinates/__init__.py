"""Are a person's coordinates still right (Q28): confirmed, returned, to be verified every six months."""
