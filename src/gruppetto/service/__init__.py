"""What is done for people: the second floor of the trade, above the registry and below money."""
