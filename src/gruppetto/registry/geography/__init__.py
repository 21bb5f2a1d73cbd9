"""The official communes of France: codes, postcodes, population, where they are."""
