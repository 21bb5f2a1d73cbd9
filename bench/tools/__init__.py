"""What the benches share; each file beside this folder is one bench."""
