"""Signing in with the organisation's identity provider (OpenID Connect); none by default."""
