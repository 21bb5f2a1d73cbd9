"""Tags of the knowledge desk."""
