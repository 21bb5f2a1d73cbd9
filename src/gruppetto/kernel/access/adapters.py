"""How allauth behaves here: staff accounts are made by an administrator, the second factor is always asked."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from gruppetto.kernel.secrets import envelope


class StaffAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: an administrator makes the account."""
        return False


class SecondFactor(DefaultMFAAdapter):
    """Secrets of the second factor are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return envelope.seal_text(text, "mfa") if settings.GRUPPETTO_FILES_KEY else text

    def decrypt(self, encrypted_text: str) -> str:
        return envelope.open_text(encrypted_text, "mfa") if settings.GRUPPETTO_FILES_KEY else encrypted_text

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {
            "id": (self.request.get_host() if self.request else "localhost").split(":")[0],
            "name": settings.GRUPPETTO_NAME,
        }
