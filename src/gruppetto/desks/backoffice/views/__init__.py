"""The pages of the back office, the auditor and the administrator."""
