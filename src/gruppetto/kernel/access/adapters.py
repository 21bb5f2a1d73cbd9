"""How allauth behaves here: staff accounts are made by an administrator, the second factor is always asked."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access import identities, lockout, second_factor
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused

# Said once the thing is done, in place of the library's own words; a name left out says nothing.
DONE = {
    "account/messages/logged_out.txt": _("Vous êtes déconnecté."),
    "account/messages/password_changed.txt": _("Votre mot de passe est changé."),
    "mfa/messages/totp_activated.txt": _("L’application de codes est en service."),
    "mfa/messages/totp_deactivated.txt": _("L’application de codes est retirée."),
    "mfa/messages/recovery_codes_generated.txt": _("Vos codes de secours sont prêts : notez-les."),
    "mfa/messages/webauthn_added.txt": _("La clé d’accès est en service."),
    "mfa/messages/webauthn_removed.txt": _("La clé d’accès est retirée."),
}
WAYS = {
    "reauthenticate": _("Taper mon mot de passe"),
    "mfa_reauthenticate": _("Taper un code"),
    "mfa_reauthenticate:webauthn": _("Utiliser ma clé d’accès"),
}


class StaffAccounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Le courriel ou le mot de passe n’est pas le bon."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: an administrator makes the account."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **more: Any
    ) -> None:
        """Say what was done in the words of the house."""
        said = more.get("message") or DONE.get(message_template)
        if said:
            messages.add_message(request, level, str(said))

    def get_reauthentication_methods(self, user: Account) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS[way["id"]]} for way in ways]

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        """A password given by an administrator opens nothing once its days are over; whoever comes by an identity
        provider has typed none.

        Raises ``Refused`` (temporary-password-over).
        """
        until = None if identities.came_by(request, user) else user.temporary_until
        if until is not None and until < now():
            raise Refused(
                _(
                    "Votre mot de passe provisoire n’est plus valable. Demandez-en un autre à un administrateur."
                ),
                code="temporary-password-over",
            )
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def reauthenticate(self, user: Account, password: str) -> bool:
        """Is it the password of who is signed in? Failures count as those of the second step."""
        request = context.request
        lockout.refuse_if_locked(request, user)
        if not user.check_password(password):
            lockout.failed(request, user)
            return False
        lockout.passed(request, user)
        return True

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not while the first second factor is being set up, just after signing in."""
        request = context.request
        setting_up = request.session.get(second_factor.FIRST_SET_UP) or not second_factor.has_one(
            request.user
        )
        if setting_up and _signed_in_just_now(request):
            return False
        required: bool = super().is_reauthentication_required(app=app, **more)
        return required

    def set_password(self, user: Account, password: str) -> None:
        """The person has chosen: the password is no longer a temporary one."""
        user.temporary_until = None
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to their desk (or to what is still missing before it)."""
        return "/"


class SecondFactor(DefaultMFAAdapter):
    """Secrets of the second factor are encrypted at rest; its owner never removes the last one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."),
        "cannot_delete_authenticator": _(
            "C’est votre dernière double clé : ajoutez d’abord une clé d’accès, "
            "ou demandez à un administrateur de remettre votre double clé à zéro."
        ),
        "cannot_generate_recovery_codes": _("Mettez d’abord en service une application de codes ou une clé."),
    }

    def encrypt(self, text: str) -> str:
        return second_factor.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_last(authenticator)

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        """A name to begin with; its owner may change it."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Clé d’accès %(number)s")) % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().split(":")[0], "name": settings.GRUPPETTO_NAME}


def _signed_in_just_now(request: HttpRequest) -> bool:
    since = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record["method"] in identities.FIRST_STEPS
    ]
    return bool(since) and now().timestamp() - since[-1] < app_settings.REAUTHENTICATION_TIMEOUT
