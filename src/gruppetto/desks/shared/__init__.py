"""The look and the building blocks of every desk: layout, components, tokens, error pages."""
