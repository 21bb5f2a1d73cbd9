"""The outside world, each part behind a small port declared by the room that needs it."""
