"""Table of the files: what is known of each, and the keys to its content, which lies encrypted in a folder."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.kernel.files import shelving
from gruppetto.kernel.files.kinds import MAX_BYTES
from gruppetto.kernel.secrets import Sealed, open_
from gruppetto.kernel.secrets.fields import EncryptedTextField


class State(models.TextChoices):
    """A file leaves quarantine once, by a verdict; only the worker may write one."""

    QUARANTINED = "quarantined", _("en attente de vérification")
    CLEAN = "clean", _("vérifié")
    INFECTED = "infected", _("dangereux")
    REFUSED = "refused", _("illisible")


class File(PersonRow):
    """A file somebody gave us. ``person_id`` None: not known yet whose it is; then only its giver sees it.

    ``sha256``: of the plain content. ``name``: as declared, cleaned. ``media_type``: from the content, never as
    declared. ``ground``: the antivirus's word for it. ``created_by``: the actor, filled by the database.
    """

    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.QUARANTINED)
    name = EncryptedTextField(_("nom du fichier"))
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=32)
    wrapped_key = models.BinaryField(max_length=40)
    nonce = models.BinaryField(max_length=12)
    ground = models.CharField(max_length=120, blank=True, db_default="", default="")
    kept_until = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.CharField(max_length=80, editable=False, default="")

    class Meta:
        verbose_name = _("fichier")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "id"], name="file_on_shelf"),
            models.UniqueConstraint(
                fields=["person_id", "sha256"],
                condition=~Q(state=State.REFUSED),
                name="a_person_gives_a_file_once",
                violation_error_message=_("Ce fichier est déjà dans le dossier."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=MAX_BYTES),
                name="a_file_has_a_content_within_the_limit",
                violation_error_message=_("Un fichier a un contenu, de 20 Mo au plus."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.QUARANTINED) ^ Q(scanned_at__isnull=False),
                name="a_file_out_of_quarantine_was_scanned",
                violation_error_message=_("Ce fichier n’a pas encore été vérifié."),
            ),
        ]
        indexes = [
            # What waits for the antivirus, oldest first; what may go, for the nightly sweep.
            models.Index(fields=["created_at"], condition=Q(state="quarantined"), name="files_in_quarantine"),
            models.Index(
                fields=["kept_until"], condition=Q(kept_until__isnull=False), name="files_to_remove"
            ),
            # A file of nobody yet, for the one who gave it.
            models.Index(fields=["created_by"], condition=Q(person_id__isnull=True), name="files_of_nobody"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.media_type} {self.state}"

    def open(self) -> bytes:
        """The plain content, whatever the state: for the antivirus and for ``open_clean``, nobody else.

        Raises CannotOpen, or FileNotFoundError when the folder does not hold it.
        """
        content = shelving.read(self.id)
        return open_(Sealed(self.key_id, bytes(self.wrapped_key), bytes(self.nonce), content), self.id)


SENTENCES = {
    "a_file_leaves_quarantine_once": _("Ce fichier a déjà été vérifié."),
    "a_file_is_what_was_received": _("Le contenu d’un fichier ne change pas."),
}
