"""Who and where: places, organisations, people, staff, coverage."""
