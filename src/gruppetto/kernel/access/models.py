"""Accounts, sessions and grants: who may see what, until when, and why. No word of the trade."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id


class Accounts(BaseUserManager["Account"]):
    def create_account(
        self, email: str, name: str, role: str, password: str | None = None, **more: Any
    ) -> Account:
        """A new account for a human who signs in; without a password nobody can use it yet."""
        account = self.model(email=email.strip().lower(), name=name, role=role, **more)
        account.set_password(password)
        account.save(force_insert=True)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """One account model for every human who signs in, and for the platform's own services (decisions 2d)."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("personne")
        SERVICE = "service", _("service de la plate-forme")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(
        _("courriel"),
        unique=True,
        error_messages={"unique": _("Un compte existe déjà avec ce courriel.")},
    )
    name = models.CharField(_("nom"), max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HUMAN)
    # Opaque here; the registry's staff room says which abilities each role has.
    role = models.CharField(_("rôle"), max_length=20, db_default="")
    is_active = models.BooleanField(_("actif"), default=True)
    # The password was given by an administrator: until when it opens anything. Empty: its owner chose it.
    temporary_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = Accounts()

    class Meta:
        verbose_name = _("compte")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="an_email_is_kept_in_small_letters",
                violation_error_message=_("Le courriel s’écrit en minuscules."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Never: the only pages are ours."""
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Session(models.Model):
    """An open session: the web role cannot read this table, only ask it who holds a key (decisions 2b)."""

    key_hash = models.BinaryField(primary_key=True, max_length=32)
    # What its owner calls it by; says nothing about the key.
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=True)
    opened_at = models.DateTimeField(db_default=Now())
    # The last page opened by hand, to the minute: an hour without one ends the session.
    seen_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    # In words, for its owner to recognise: "Firefox, Windows".
    device = models.CharField(max_length=60, blank=True, db_default="")
    closed_at = models.DateTimeField(null=True)
    # A service of the platform sees all rows about persons; no human session ever does.
    everything = models.BooleanField(db_default=False)

    class Meta:
        verbose_name = _("session")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("opened_at")),
                name="a_session_ends_after_it_opens",
                violation_error_message=_("Une session finit après son ouverture."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.opened_at:%Y-%m-%d %H:%M}"


class ProviderIdentity(models.Model):
    """Who a member of staff is at an identity provider: issuer and subject, which never change hands.

    Neither is changed once written: removed by an administrator, and bound again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="provider_identities", db_index=False
    )
    bound_at = models.DateTimeField(db_default=Now())
    # The administrator; empty: at the first sign-in, by the e-mail that the provider vouched for.
    bound_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        verbose_name = _("identité chez un fournisseur")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="an_identity_opens_one_account",
                violation_error_message=_("Cette identité ouvre déjà un autre compte."),
            ),
            models.UniqueConstraint(
                fields=["account", "issuer"],
                name="an_account_has_one_identity_per_provider",
                violation_error_message=_(
                    "Ce compte est déjà relié à une identité chez ce fournisseur : retirez-la d’abord."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} ← {self.issuer}"


class Alias(models.Model):
    """A record merged into another: ``subject_id`` is the one kept, whatever the chain (decisions 18).

    Derived from the merges of the people room, by its functions only.
    """

    person_id = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()

    class Meta:
        verbose_name = _("fiche réunie")
        indexes = [models.Index(fields=["subject_id"], name="aliases_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person_id=F("subject_id")),
                name="nobody_is_merged_into_themselves",
                violation_error_message=_("On ne réunit pas une fiche avec elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.subject_id}"


class Grant(models.Model):
    """A right to see: one portfolio or one person, for one account, by dates, with its reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    portfolio_id = models.IntegerField(null=True)
    person_id = models.UUIDField(null=True)
    starts = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)
    # What it comes from, as "kind:identifier"; the room that fills it deletes by it.
    source = models.CharField(max_length=80)
    why = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("accès")
        indexes = [
            # access.scope() and access.persons(): each statement under row security asks them once.
            models.Index(fields=["account", "portfolio_id"], name="grant_of_account"),
            models.Index(fields=["source"], name="grant_by_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(portfolio_id__isnull=True) ^ Q(person_id__isnull=True),
                name="a_grant_is_for_a_portfolio_or_a_person",
                violation_error_message=_("Un accès porte sur un portefeuille ou sur une personne."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.portfolio_id or self.person_id}"
