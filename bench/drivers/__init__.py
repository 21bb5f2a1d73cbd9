"""What is measured, each in a process and an environment of its own: we and the peers, driven by the same words."""
