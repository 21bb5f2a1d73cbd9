"""Finding anything from one box: people, requests, contacts, places (R3); the scope is that of row security."""
