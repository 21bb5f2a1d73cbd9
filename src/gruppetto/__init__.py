"""Gruppetto: act on behalf of people whom digital services leave behind."""
