"""How allauth behaves here: staff accounts are made by an administrator, the second factor is always asked."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.secrets import envelope


class StaffAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: an administrator makes the account."""
        return False

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        """A password given by an administrator opens nothing once its days are over.

        Raises ``Refused`` (temporary-password-over).
        """
        if user.temporary_until is not None and user.temporary_until < now():
            raise Refused(
                _(
                    "Votre mot de passe provisoire n’est plus valable. Demandez-en un autre à un administrateur."
                ),
                code="temporary-password-over",
            )
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def set_password(self, user: Account, password: str) -> None:
        """The person has chosen: the password is no longer a temporary one."""
        user.temporary_until = None
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to their desk (or to what is still missing before it)."""
        return "/"


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
