"""What the pages of the lists answer."""
