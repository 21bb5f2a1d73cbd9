"""One record per human being known to the platform: subscriber, relative, caller (R4, G1, Q28)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectKey
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.registry.geography.models import Commune


class Channel(models.TextChoices):
    """A way to reach a person, or to be reached."""

    PHONE = "phone", _("téléphone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("courriel")
    LETTER = "letter", _("courrier")


class Person(PersonRow):
    """A human being. Keys and sounds follow the names: two by trigger, ``phonetic_key`` and ``sounds`` by the verbs."""

    class Title(models.TextChoices):
        MRS = "mrs", _("Mme")
        MR = "mr", _("M.")
        NONE = "none", _("sans civilité")

    title = models.CharField(_("civilité"), max_length=4, choices=Title.choices, default=Title.NONE)
    given_names = models.CharField(_("prénoms"), max_length=120, blank=True)
    family_name = models.CharField(_("nom de naissance"), max_length=120)
    usage_name = models.CharField(_("nom d’usage"), max_length=120, blank=True)
    name_key = models.CharField(max_length=260, editable=False, db_default="")
    phonetic_key = models.CharField(max_length=120, editable=False, db_default="")
    # How each of their names sounds: a caller is found as heard, not only as written.
    sounds = ArrayField(models.CharField(max_length=120), default=list, editable=False, db_default=[])
    sort_key = models.TextField(editable=False, db_collation="C", db_default="")
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    died_on = models.DateField(_("date de décès"), null=True, blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    preferred_channel = models.CharField(
        _("moyen préféré"), max_length=6, choices=Channel.choices, default=Channel.PHONE
    )
    email = models.EmailField(_("courriel"), blank=True)
    # The person said that this address is theirs; another address has yet to be confirmed.
    email_verified_at = models.DateTimeField(null=True, editable=False)
    # The word the person chose: we say it to prove that we are us, they say it to prove that they are them.
    chosen_word = EncryptedTextField(_("mot choisi"), null=True, blank=True)
    subscriber_since = models.DateField(_("abonné depuis"), null=True, blank=True)
    subscriber_until = models.DateField(_("abonné jusqu’au"), null=True, blank=True)
    # Before the first visit (where word, facts and verified number are collected) identity has a lower ceiling.
    first_visit_on = models.DateField(_("première visite"), null=True, blank=True)
    last_visit_on = models.DateField(_("dernière visite"), null=True, blank=True)
    energy_provider = models.CharField(_("fournisseur d’énergie"), max_length=120, blank=True)
    phone_provider = models.CharField(_("opérateur de téléphone"), max_length=120, blank=True)
    protected = models.BooleanField(_("majeur protégé ou mineur"), default=False)
    created_at = models.DateTimeField(db_default=Now())
    version = models.IntegerField(default=1)
    # This record turned out to be somebody already known: the one kept, which has all its rows (decisions 18).
    merged_into = models.UUIDField(null=True, editable=False)
    # What other records may share with this one if they are one person, and when it was last looked at.
    likeness_keys = ArrayField(models.CharField(max_length=80), default=list, editable=False, db_default=[])
    compared_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("personne")
        indexes = [
            GinIndex(fields=["name_key"], name="person_name_words", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["sounds"], name="persons_by_sound"),
            models.Index(fields=["birth_date", "phonetic_key"], name="person_by_birth_and_sound"),
            # Duplicates: who shares a key; whom nobody has looked at yet.
            GinIndex(fields=["likeness_keys"], name="persons_by_likeness"),
            models.Index(fields=["id"], name="persons_to_compare", condition=Q(compared_at__isnull=True)),
            # The list of a portfolio, by name.
            models.Index(fields=["portfolio_id", "sort_key", "id"], name="persons_of_portfolio"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="person_on_shelf"),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True)
                | Q(birth_date__isnull=True)
                | Q(died_on__gte=F("birth_date")),
                name="death_comes_after_birth",
                violation_error_message=_("La date de décès vient après la date de naissance."),
            ),
            models.CheckConstraint(
                condition=Q(subscriber_until__isnull=True) | Q(subscriber_until__gte=F("subscriber_since")),
                name="a_subscription_ends_after_it_begins",
                violation_error_message=_("La fin de l’abonnement vient après son début."),
            ),
            models.CheckConstraint(
                condition=Q(email_verified_at__isnull=True) | ~Q(email=""),
                name="what_is_verified_is_an_address",
                violation_error_message=_("Il n’y a pas de courriel à vérifier dans cette fiche."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """ "Mme Jeanne Roux", as one says it."""
        title = self.get_title_display() if self.title != self.Title.NONE else ""
        return " ".join(
            str(part) for part in (title, self.given_names, self.usage_name or self.family_name) if part
        )


class Phone(PersonRow):
    """A number of a person; several persons may share one. Verified when, how and by whom (decisions, G1)."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        LANDLINE = "landline", _("fixe")

    class Verified(models.TextChoices):
        CALLED = "called", _("rappelé par nous")
        CODE = "code", _("code reçu et redit")
        VISIT = "visit", _("appelé sur place pendant une visite")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = SubjectKey(Person, related_name="phones", db_index=False)
    number = models.CharField(_("numéro"), max_length=16)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(_("précision"), max_length=60, blank=True)
    main = models.BooleanField(_("numéro principal"), default=False)
    verified_how = models.CharField(max_length=6, choices=Verified.choices, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("numéro de téléphone")
        indexes = [
            # who_calls: each ring asks it.
            models.Index(fields=["number"], name="phones_in_use", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["subject"], name="phones_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="phone_on_shelf"),
            models.UniqueConstraint(
                fields=["subject", "number"],
                condition=Q(ended_at__isnull=True),
                name="a_person_has_a_number_once",
                violation_error_message=_("Ce numéro est déjà noté pour cette personne."),
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(main=True, ended_at__isnull=True),
                name="a_person_has_one_main_number",
                violation_error_message=_("Cette personne a déjà un numéro principal."),
            ),
            models.CheckConstraint(
                condition=Q(verified_how="", verified_at__isnull=True, verified_by__isnull=True)
                | (~Q(verified_how="") & Q(verified_at__isnull=False, verified_by__isnull=False)),
                name="a_verification_says_how_when_and_by_whom",
                violation_error_message=_("Une vérification dit comment, quand et par qui."),
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^\+[1-9][0-9]{5,14}$"),
                name="a_number_is_international",
                violation_error_message=_("Ce numéro de téléphone n’est pas valable."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Address(PersonRow):
    """Where a person lives or gets mail, by dates; one current home."""

    class Kind(models.TextChoices):
        HOME = "home", _("domicile")
        MAIL = "mail", _("adresse de courrier")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = SubjectKey(Person, related_name="addresses", db_index=False)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.HOME)
    lines = models.TextField(_("adresse"))
    street_key = models.CharField(max_length=200, editable=False, db_default="")
    postcode = models.CharField(_("code postal"), max_length=5)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("adresse")
        indexes = [
            models.Index(fields=["subject"], name="addresses_of_person"),
            # Who lives in a part of the map that changes hands.
            models.Index(
                fields=["commune", "postcode"],
                name="homes_of_place",
                condition=Q(kind="home", until__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="address_on_shelf"),
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(until__isnull=True),
                name="a_person_has_one_current_home",
                violation_error_message=_("Cette personne a déjà une adresse en cours."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="a_move_comes_after_the_move_before",
                violation_error_message=_(
                    "La date du déménagement vient après l’arrivée à l’adresse d’avant."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lines}, {self.postcode}"
