"""The forms of signing in, in plain French; what comes after the password counts its failures too."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access import lockout, second_factor
from gruppetto.kernel.access.models import Account


class SignIn(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, login=_("Courriel"), password=_("Mot de passe"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class AskPassword(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, password=_("Votre mot de passe"))


class ChangePassword(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(
            self,
            oldpassword=_("Mot de passe actuel"),
            password1=_("Nouveau mot de passe"),
            password2=_("Le nouveau, encore une fois"),
        )

    def clean_oldpassword(self) -> str:
        if not get_account_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise get_account_adapter().validation_error("enter_current_password")
        return self.cleaned_data["oldpassword"]


class _Counted(forms.Form):
    """A code of the second step: a failure counts towards the pause, and a code serves once."""

    user: Account
    authenticator: Authenticator

    def clean_code(self) -> str:
        request = context.request
        lockout.refuse_if_locked(request, self.user)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form that is counted
            if self.authenticator.type == Authenticator.Type.TOTP and not second_factor.first_use(
                self.authenticator, code
            ):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            lockout.failed(request, self.user)
            raise
        lockout.passed(request, self.user)
        return code


class SecondStep(_Counted, mfa.AuthenticateForm):
    pass


class AskCode(_Counted, mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code à 6 chiffres"))


def _name(form: forms.Form, **labels: object) -> None:
    """Give fields the labels of the house; a label is not repeated inside its field."""
    for name, label in labels.items():
        form.fields[name].label = str(label)
        form.fields[name].widget.attrs.pop("placeholder", None)
