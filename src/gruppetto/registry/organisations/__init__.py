"""The bodies we are, work for, and deal with."""
