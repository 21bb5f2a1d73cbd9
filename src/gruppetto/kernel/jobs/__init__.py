"""Transactional queue and schedules: procrastinate behind ``enqueue`` and ``every``."""
