"""The pages of the call desk: a form, a verb, an answer."""
