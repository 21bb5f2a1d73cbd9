"""Tags of the call desk."""
