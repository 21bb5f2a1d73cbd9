"""What the work tells: figures with their definitions, their rows and how sure they are."""
