"""Pages of the correspondent's desk."""
