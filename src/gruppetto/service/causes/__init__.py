"""Why people had to contact us, found afterwards: a short list, a cause per reason noted (Q8)."""
