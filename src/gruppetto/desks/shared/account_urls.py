"""Addresses of one's own account. Of the libraries' pages, only those the house uses: the others have no address.

Nobody signs up, and no password is reset by courriel: an administrator does both (``registry.staff``).
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import path

from gruppetto.desks.shared import account as own
from gruppetto.gateways.identity.views import offered

urlpatterns = [
    path(
        "connexion/",
        account.LoginView.as_view(extra_context={"providers": offered}),
        name="account_login",
    ),
    path("connexion/code/", mfa.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("deconnexion/", own.sign_out, name="account_logout"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("verification/", account.reauthenticate, name="account_reauthenticate"),
    path("verification/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("verification/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sessions/", own.my_sessions, name="my_sessions"),
    path("sessions/fermer/", own.close_other_sessions, name="close_other_sessions"),
    path("sessions/<uuid:session_id>/fermer/", own.close_session, name="close_session"),
    path("raccourcis/", own.my_shortcuts, name="my_shortcuts"),
    path("double-cle/", mfa.index, name="mfa_index"),
    path("double-cle/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("double-cle/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("double-cle/secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("double-cle/secours/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("double-cle/secours/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("double-cle/cles/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("double-cle/cles/ajouter/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("double-cle/cles/<int:pk>/nom/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("double-cle/cles/<int:pk>/retirer/", keys.remove_webauthn, name="mfa_remove_webauthn"),
]
