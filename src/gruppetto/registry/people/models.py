"""One record per human being known to the platform: subscriber, relative, caller (R4, G1, Q21, Q28)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets.fields import EncryptedTextField
from gruppetto.registry.geography.models import Commune


class Channel(models.TextChoices):
    """A way to reach a person, or to be reached."""

    PHONE = "phone", _("téléphone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("courriel")
    LETTER = "letter", _("courrier")


class Person(PersonRow):
    """A human being. ``name_key``, ``phonetic_key`` and ``sort_key`` follow the names (filled by verb and trigger)."""

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
    sort_key = models.TextField(editable=False, db_collation="C", db_default="")
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    died_on = models.DateField(_("date de décès"), null=True, blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    preferred_channel = models.CharField(
        _("moyen préféré"), max_length=6, choices=Channel.choices, default=Channel.PHONE
    )
    email = models.EmailField(_("courriel"), blank=True)
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

    class Meta:
        verbose_name = _("personne")
        indexes = [
            GinIndex(fields=["name_key"], name="person_name_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["birth_date", "phonetic_key"], name="person_by_birth_and_sound"),
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

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
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
            models.Index(fields=["person"], name="phones_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="phone_on_shelf"),
            models.UniqueConstraint(
                fields=["person", "number"],
                condition=Q(ended_at__isnull=True),
                name="a_person_has_a_number_once",
                violation_error_message=_("Ce numéro est déjà noté pour cette personne."),
            ),
            models.UniqueConstraint(
                fields=["person"],
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

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
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
        indexes = [models.Index(fields=["person"], name="addresses_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="address_on_shelf"),
            models.UniqueConstraint(
                fields=["person", "kind"],
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


class Consent(PersonRow):
    """What the person agreed to, from whom we know it, since when, until they say no."""

    class Purpose(models.TextChoices):
        RECORD = "record", _("être enregistré et aidé")
        SMS = "sms", _("recevoir des SMS")
        EMAIL = "email", _("recevoir des courriels")
        LETTER = "letter", _("recevoir des courriers")
        VOICE = "voice", _("voix enregistrée")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    source = models.CharField(_("source"), max_length=200)
    given_on = models.DateField(_("donné le"))
    withdrawn_on = models.DateField(_("retiré le"), null=True)

    class Meta:
        verbose_name = _("consentement")
        indexes = [models.Index(fields=["person"], name="consents_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="consent_on_shelf"),
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_consent_in_force_per_purpose",
                violation_error_message=_("Ce consentement est déjà noté."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="a_consent_is_withdrawn_after_it_is_given",
                violation_error_message=_("Un consentement se retire après avoir été donné."),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose


class Need(PersonRow):
    """A special need, what helps and what frightens, with source, date and review; the person may read it all (Q21)."""

    class Kind(models.TextChoices):
        HEARING = "hearing", _("audition")
        SIGHT = "sight", _("vue")
        MOBILITY = "mobility", _("déplacement")
        READING = "reading", _("lecture et écriture")
        LANGUAGE = "language", _("langue")
        MEMORY = "memory", _("mémoire")
        MONEY = "money", _("difficulté d’argent")
        OTHER = "other", _("autre")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.CharField(_("en quelques mots"), max_length=300)
    helps = models.CharField(_("ce qui aide"), max_length=300, blank=True)
    frightens = models.CharField(_("ce qui inquiète"), max_length=300, blank=True)
    source = models.CharField(_("dit par"), max_length=120)
    noted_on = models.DateField(_("noté le"))
    review_on = models.DateField(_("à revoir le"))
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("besoin particulier")
        indexes = [models.Index(fields=["person"], name="needs_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="need_on_shelf"),
            models.CheckConstraint(
                condition=Q(review_on__gte=F("noted_on")),
                name="a_need_is_reviewed_after_it_is_noted",
                violation_error_message=_("La date de revue vient après la date de note."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Relative(PersonRow):
    """Someone the subscriber lets see, ask, be told or pay; rights chosen one by one, revocable (G20).

    ``person``: the subscriber (their shelf and portfolio); ``relative_id``: the other person's record.
    """

    class Right(models.TextChoices):
        SEE = "see", _("voir")
        ASK = "ask", _("demander")
        BE_TOLD = "be_told", _("être prévenu")
        PAY = "pay", _("payer")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relatives")
    relative_id = models.UUIDField()
    link = models.CharField(_("lien"), max_length=60)
    rights = ArrayField(models.CharField(max_length=8, choices=Right.choices), default=list, blank=True)
    trusted = models.BooleanField(_("proche de confiance"), default=False)
    chosen_on = models.DateField(_("choisi le"))
    source = models.CharField(_("dit par"), max_length=120)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("proche")
        indexes = [
            models.Index(fields=["person"], name="relatives_of_person"),
            # who_calls: a relative's number leads to the persons they may speak of.
            models.Index(
                fields=["relative_id"], name="persons_of_relative", condition=Q(ended_on__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="relative_on_shelf"),
            models.UniqueConstraint(
                fields=["person", "relative_id"],
                condition=Q(ended_on__isnull=True),
                name="a_relative_is_noted_once",
                violation_error_message=_("Ce proche est déjà noté."),
            ),
            models.CheckConstraint(
                condition=~Q(person_id=F("relative_id")),
                name="nobody_is_their_own_relative",
                violation_error_message=_("Une personne n’est pas son propre proche."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relative_id} ({self.link})"


class IdentityCheck(PersonRow):
    """One question drawn, or what came of it; append-only. The answers themselves are never kept.

    ``contact_id``: the call or visit in which it was asked. ``fact``: which of the facts of ``identity``.
    ``question_id``: on an answer, the row of the question. ``round``: the person's how-manieth draw.
    """

    class Result(models.TextChoices):
        ASKED = "asked", _("posée")
        MATCH = "match", _("réponse juste")
        NO_MATCH = "no_match", _("réponse fausse")
        # We said the chosen word to the person: it no longer proves anything in this contact.
        SAID = "said", _("dit par nous")

    person_id = models.UUIDField()
    contact_id = models.UUIDField()
    question_id = models.UUIDField(null=True)
    round = models.IntegerField(default=0)
    fact = models.CharField(max_length=30)
    result = models.CharField(max_length=8, choices=Result.choices)
    at = models.DateTimeField(db_default=Now())
    account_id = models.UUIDField()

    class Meta:
        verbose_name = _("contrôle d’identité")
        indexes = [
            models.Index(fields=["contact_id"], name="checks_of_contact"),
            # The questions of the last time are not drawn again.
            models.Index(fields=["person_id", "-round"], name="checks_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="identity_check_on_shelf"),
            models.UniqueConstraint(
                fields=["question_id"],
                name="a_question_is_answered_once",
                violation_error_message=_("Cette question a déjà eu sa réponse."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["match", "no_match"], question_id__isnull=False)
                | Q(result__in=["asked", "said"], question_id__isnull=True),
                name="an_answer_has_its_question",
                violation_error_message=_("Une réponse se rapporte à une question."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.result}"


class StartingList(models.Model):
    """A list of people received from a town's welfare office, as one file; previewed, then loaded by a job."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("à vérifier")
        LOADING = "loading", _("en cours de chargement")
        LOADED = "loaded", _("chargée")
        DROPPED = "dropped", _("abandonnée")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nom du fichier"), max_length=200)
    sha256 = models.BinaryField(max_length=32)
    source = models.CharField(_("reçue de"), max_length=200)
    encoding = models.CharField(max_length=20)
    # Columns of the file that we have no place for: said on screen, their content is not kept.
    ignored = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PREVIEW)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.UUIDField()
    ordered_by = models.UUIDField(null=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("liste de départ")
        # The lists received, newest first.
        indexes = [models.Index(fields=["-received_at"], name="lists_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(state="dropped"),
                name="a_list_is_received_once",
                violation_error_message=_("Ce fichier a déjà été reçu : il n’est pas chargé deux fois."),
            ),
            models.CheckConstraint(
                condition=Q(state="preview") | Q(state="dropped") | Q(ordered_by__isnull=False),
                name="a_list_is_loaded_on_somebody_s_order",
                violation_error_message=_("Une liste est chargée à la demande de quelqu’un."),
            ),
            models.CheckConstraint(
                condition=Q(state="loaded", loaded_at__isnull=False)
                | (~Q(state="loaded") & Q(loaded_at__isnull=True)),
                name="a_loaded_list_has_its_date",
                violation_error_message=_("Une liste chargée a une date."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StartingLine(models.Model):
    """One line of a list: what was typed, what is wrong with it, whom it looks like, whom it became.

    ``errors``: [{column, why}], never the value typed. ``alike``: [{person | line, certainty, why}], the persons
    known or the earlier lines that it looks like.
    """

    class Decision(models.TextChoices):
        LOAD = "load", _("charger")
        SKIP = "skip", _("écarter")
        ASK = "ask", _("à décider")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starting_list = models.ForeignKey(StartingList, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    typed = EncryptedTextField(null=True)
    errors = models.JSONField(default=list)
    alike = models.JSONField(default=list)
    decision = models.CharField(max_length=4, choices=Decision.choices, default=Decision.LOAD)
    decided_by = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("ligne de liste")
        indexes = [
            # What is still to load, in the order of the file.
            models.Index(
                fields=["starting_list", "number"],
                name="lines_to_load",
                condition=Q(person_id__isnull=True, decision="load", errors=[]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["starting_list", "number"],
                name="a_line_has_one_number",
                violation_error_message=_("Une liste a une seule ligne par numéro."),
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=True) | Q(errors=[], decision="load"),
                name="only_a_good_line_becomes_a_person",
                violation_error_message=_("Seule une ligne sans erreur devient une fiche."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starting_list_id}:{self.number}"
