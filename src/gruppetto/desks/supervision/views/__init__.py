"""The pages of the supervisor: a list, a record, a decision."""
