"""Encryption of objects and of single columns, under keys from the environment."""

from gruppetto.kernel.secrets.envelope import CannotOpen, Keyring, Sealed, blind_index, open_, rewrap, seal

__all__ = ["CannotOpen", "Keyring", "Sealed", "blind_index", "open_", "rewrap", "seal"]
