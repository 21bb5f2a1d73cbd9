"""Training: a sandbox apart, with invented people and scenarios to practise with; never on a real platform."""
