"""Alone at somebody’s home: the visitor’s page, and the alarms of colleagues (G24)."""
