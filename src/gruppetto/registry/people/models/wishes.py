"""What a person agreed to, what helps them, who is near to them, how they were recognised (G20, Q21)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectKey
from gruppetto.registry.people.models.records import Person


class Consent(PersonRow):
    """What the person agreed to, from whom we know it, since when, until they say no."""

    class Purpose(models.TextChoices):
        RECORD = "record", _("être enregistré et aidé")
        SMS = "sms", _("recevoir des SMS")
        EMAIL = "email", _("recevoir des courriels")
        LETTER = "letter", _("recevoir des courriers")
        VOICE = "voice", _("voix enregistrée")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = SubjectKey(Person, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    source = models.CharField(_("source"), max_length=200)
    given_on = models.DateField(_("donné le"))
    withdrawn_on = models.DateField(_("retiré le"), null=True)

    class Meta:
        verbose_name = _("consentement")
        indexes = [models.Index(fields=["subject"], name="consents_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="consent_on_shelf"),
            models.UniqueConstraint(
                fields=["subject", "purpose"],
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

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = SubjectKey(Person, related_name="needs", db_index=False)
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
        indexes = [
            models.Index(fields=["subject"], name="needs_of_person"),
            # Those to look at again, the longest overdue first.
            models.Index(
                fields=["review_on", "id"], name="needs_to_review", condition=Q(ended_on__isnull=True)
            ),
        ]
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

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = SubjectKey(Person, related_name="relatives", db_index=False)
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
            models.Index(fields=["subject"], name="relatives_of_person"),
            # who_calls: a relative's number leads to the persons they may speak of.
            models.Index(
                fields=["relative_id"], name="persons_of_relative", condition=Q(ended_on__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="relative_on_shelf"),
            models.UniqueConstraint(
                fields=["subject", "relative_id"],
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
