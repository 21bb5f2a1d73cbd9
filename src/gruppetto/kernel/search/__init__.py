"""French text made searchable, and lists read page by page."""
