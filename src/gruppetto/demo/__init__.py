"""A living territory: invented people, one month of history, then calls arriving through the real webhook."""
