"""The ground floor: no word of the trade."""
