"""Letters, given to a printer by batches and answered for in files of this ending."""

ANSWERS = ".retours.csv"
