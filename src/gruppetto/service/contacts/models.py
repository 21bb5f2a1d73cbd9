"""One table for every exchange, on any channel, in or out (G1, Q8, Q25, Q29), and what surrounds it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.secrets.fields import EncryptedTextField


class Contact(PersonRow):
    """One exchange. Its shelf is the hash of its own id: it exists before anybody knows who it is about.

    ``person_id``: whom it is about (the beneficiary); ``caller_id``: who speaks, when somebody else.
    ``state``: see ``states.py``. ``level``: identity confirmed so far (0 to 3, ``identity.py``).
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("téléphone")
        COUNTER = "counter", _("accueil")
        EMAIL = "email", _("courriel")
        SMS = "sms", _("SMS")
        LETTER = "letter", _("courrier")
        PORTAL = "portal", _("espace personnel")
        CHAT = "chat", _("discussion")
        HOME_VISIT = "home_visit", _("visite à domicile")
        SOCIAL = "social", _("réseau social")

    class Direction(models.TextChoices):
        IN = "in", _("reçu")
        OUT = "out", _("émis")

    class State(models.TextChoices):
        RINGING = "ringing", _("sonne")
        # Somebody lifted the receiver, nobody has taken the call on screen yet.
        ANSWERED = "answered", _("décroché")
        TAKEN = "taken", _("en cours")
        WRAPPING = "wrapping", _("à conclure")
        MISSED = "missed", _("manqué")
        DONE = "done", _("terminé")

    channel = models.CharField(_("canal"), max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    state = models.CharField(_("état"), max_length=8, choices=State.choices)
    happened_at = models.DateTimeField(_("le"))
    recorded_at = models.DateTimeField(db_default=Now())
    person_shelf = models.SmallIntegerField(null=True)
    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    caller_id = models.UUIDField(null=True)
    caller_link = models.CharField(_("qui parle"), max_length=60, blank=True)
    # Telephony: E.164 number or empty when withheld; key of the provider's call.
    line = models.CharField(max_length=40, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    call_id = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=16, blank=True)
    taken_by_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    # The receiver is down; ``concluded_at``: the written part is done too.
    ended_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    # The supervisor who read of three wrong answers.
    failures_seen_by = models.UUIDField(null=True)
    failures_seen_at = models.DateTimeField(null=True)
    # Somebody of ours asked the person to get in touch: never counted as a repeat.
    asked_by_us = models.BooleanField(default=False)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    # The three sentences as read aloud, and when the person accepted them.
    read_back = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("contact")
        indexes = [
            # History across channels, newest first, and repeats (Q29, Q25).
            models.Index(fields=["subject_id", "-happened_at"], name="contacts_of_person"),
            # Number seen before (who_calls).
            models.Index(
                fields=["number", "-happened_at"], name="contacts_of_number", condition=~Q(number="")
            ),
            # What an agent has under way.
            models.Index(
                fields=["taken_by_id"],
                name="contacts_under_way",
                condition=Q(state__in=["taken", "wrapping"]),
            ),
            models.Index(fields=["portfolio_id", "-happened_at", "id"], name="contacts_of_portfolio"),
            # What one has in hand, and what one concluded a moment ago: asked by row security.
            models.Index(fields=["taken_by_id", "concluded_at"], name="contacts_in_hand"),
            # Three wrong answers that no supervisor has read yet.
            models.Index(
                fields=["-happened_at"],
                name="contacts_not_confirmed",
                condition=Q(failures__gte=3, failures_seen_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="contact_on_shelf"),
            models.UniqueConstraint(
                fields=["provider", "call_id"],
                condition=~Q(call_id=""),
                name="a_call_is_one_contact",
                violation_error_message=_("Cet appel est déjà enregistré."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ringing", "answered", "missed"])
                | Q(taken_by_id__isnull=False, taken_at__isnull=False),
                name="a_contact_under_way_was_taken_by_someone",
                violation_error_message=_("Un contact en cours a été pris par quelqu’un."),
            ),
            models.CheckConstraint(
                condition=Q(state="done", concluded_at__isnull=False, ended_at__isnull=False)
                | (~Q(state="done") & Q(concluded_at__isnull=True)),
                name="a_contact_done_has_its_end",
                violation_error_message=_("Un contact terminé a une date de fin."),
            ),
            models.CheckConstraint(
                condition=Q(level__range=(0, 3)),
                name="identity_has_four_levels",
                violation_error_message=_("Le niveau d’identité va de 0 à 3."),
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=True, person_shelf__isnull=True)
                | Q(person_id__isnull=False, person_shelf__isnull=False),
                name="a_person_comes_with_their_shelf",
                violation_error_message=_("Un contact nomme une personne entièrement, ou pas du tout."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.happened_at:%Y-%m-%d %H:%M}"


class LineCall(models.Model):
    """A call as the whole desk may see it: masked number, known / unknown / repeat, who took it. Nobody's identity."""

    class Recognition(models.TextChoices):
        KNOWN = "known", _("connu")
        SEVERAL = "several", _("plusieurs personnes possibles")
        RELATIVE = "relative", _("numéro d’un proche")
        SEEN = "seen", _("déjà vu")
        UNKNOWN = "unknown", _("inconnu")
        WITHHELD = "withheld", _("numéro caché")

    contact_id = models.UUIDField(primary_key=True)
    line = models.CharField(max_length=40)
    masked = models.CharField(max_length=30)
    recognition = models.CharField(max_length=8, choices=Recognition.choices)
    repeat = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=Contact.State.choices, default=Contact.State.RINGING)
    rang_at = models.DateTimeField()
    taken_by_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # While it rings: passed on to them. Once taken: asked to join.
    offered_to_id = models.UUIDField(null=True)
    joined_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("appel en ligne")
        indexes = [
            models.Index(
                fields=["rang_at"],
                name="calls_on_the_line",
                condition=Q(state__in=["ringing", "answered", "taken", "wrapping"]),
            ),
            models.Index(fields=["-rang_at"], name="calls_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.masked} {self.state}"


class TelephonyEvent(models.Model):
    """An event as received: the same again changes nothing, another body under the same key is refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=40)
    call_id = models.CharField(max_length=120)
    state = models.CharField(max_length=8)
    body_sha256 = models.BinaryField(max_length=32)
    # Word for word: whatever could not be read (a number with letters) is not lost.
    body = EncryptedTextField()
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("évènement de téléphonie")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "call_id", "state"],
                name="an_event_is_received_once",
                violation_error_message=_("Cet événement téléphonique est déjà reçu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.call_id} {self.state}"


class ContactReason(PersonRow):
    """Why the person got in touch: several per contact, same list on all channels; the repeat is computed at once."""

    contact_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    reason = models.CharField(max_length=40)
    sub_reason = models.CharField(max_length=60, blank=True)
    other = models.CharField(_("autre, en clair"), max_length=200, blank=True)
    # Who keeps the list of reasons has read these words, and done what they ask for.
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()
    # 1 for the first contact on this matter, 3 for « 3ᵉ contact en 9 jours ».
    rank = models.SmallIntegerField(default=1)
    first_at = models.DateTimeField(null=True)
    # Why a contact that came back does not count as a repeat (asked by us, on our appointment).
    not_counted = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("motif de contact")
        indexes = [
            models.Index(fields=["subject_id", "reason", "-happened_at"], name="reasons_of_person"),
            models.Index(fields=["contact_id"], name="reasons_of_contact"),
            # Those of a period, newest first: counted and looked at for their causes.
            models.Index(fields=["-happened_at", "-id"], name="reasons_by_time"),
            # Words that the list of reasons did not have, and that nobody has settled.
            models.Index(
                fields=["happened_at"],
                name="reasons_said_otherwise",
                condition=~Q(other="") & Q(settled_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="contact_reason_on_shelf"),
            models.UniqueConstraint(
                fields=["contact_id", "reason", "sub_reason"],
                name="a_reason_is_noted_once_per_contact",
                violation_error_message=_("Ce motif est déjà noté."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Draft(models.Model):
    """What is being typed, kept on the server: a closed tab loses nothing. Seen by its author only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField()
    # "contact:<id>", "intervention:<id>:note".
    form = models.CharField(max_length=120)
    fields = EncryptedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("brouillon")
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "form"],
                name="one_draft_per_form",
                violation_error_message=_("Un brouillon de ce formulaire existe déjà."),
            )
        ]

    def __str__(self) -> str:
        return self.form


class CallBack(PersonRow):
    """A call we owe: from a missed call, a promise, an answer to confirm; with its attempts (Q5)."""

    class Why(models.TextChoices):
        MISSED = "missed", _("appel manqué")
        PROMISED = "promised", _("rappel promis")
        CONFIRM = "confirm", _("réponse à confirmer")
        SAFETY = "safety", _("identité non confirmée")

    class State(models.TextChoices):
        DUE = "due", _("à faire")
        DONE = "done", _("fait")
        GIVEN_UP = "given_up", _("abandonné")
        MOOT = "moot", _("sans objet")

    contact_id = models.UUIDField(null=True)
    intervention_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    number = models.CharField(max_length=16)
    why = models.CharField(max_length=8, choices=Why.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    # Given up, and nobody to write to: the supervisor who decided what follows.
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Who is dialling it now: two people never call the same person back.
    held_by_id = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rappel")
        indexes = [
            models.Index(fields=["due_at", "id"], name="call_backs_due", condition=Q(state="due")),
            # What was promised during a contact.
            models.Index(fields=["contact_id"], name="call_backs_of_contact"),
            # Whoever was reached needs no other call back.
            models.Index(fields=["number"], name="call_backs_of_number", condition=Q(state="due")),
            # Given up, and nobody to write to.
            models.Index(
                fields=["-due_at"],
                name="call_backs_given_up",
                condition=Q(state="given_up", subject_id__isnull=True, settled_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="call_back_on_shelf"),
            models.UniqueConstraint(
                fields=["contact_id"],
                condition=Q(why="missed"),
                name="a_missed_call_is_called_back_once",
                violation_error_message=_("Ce rappel est déjà prévu."),
            ),
            models.CheckConstraint(
                condition=Q(state="due", done_at__isnull=True) | (~Q(state="due") & Q(done_at__isnull=False)),
                name="a_call_back_done_has_its_date",
                violation_error_message=_("Un rappel terminé a une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.due_at:%Y-%m-%d %H:%M}"


class ProtectedRecord(PersonRow):
    """Danger, scam, abuse, distress: written by whoever hears it, read by supervisors only (G24)."""

    contact_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    guide = models.CharField(max_length=40)
    words = EncryptedTextField()
    done = models.JSONField(default=list)
    written_by = models.UUIDField()
    written_at = models.DateTimeField(db_default=Now())
    # When it is about a member of staff: that account never sees it (G23).
    about_account = models.UUIDField(null=True)
    seen_by = models.UUIDField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("fiche protégée")
        indexes = [
            # Those nobody has read yet, newest first.
            models.Index(
                fields=["-written_at", "-id"], name="protected_to_read", condition=Q(seen_at__isnull=True)
            ),
            models.Index(fields=["subject_id"], name="protected_of_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="protected_record_on_shelf")]

    def __str__(self) -> str:
        return self.guide
