"""What can happen to a file: received, scanned, opened, given to a person, removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.files import shelving
from gruppetto.kernel.files.kinds import MAX_BYTES, clean_name, recognise
from gruppetto.kernel.files.models import File, State
from gruppetto.kernel.files.ports import Finding, Scanner, Verdict
from gruppetto.kernel.files.uploads import too_large
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.secrets import CannotOpen, seal

journal.declare("file.received", _("a reçu un fichier"), ("media_type", "size", "sha256"))
journal.declare("file.scanned", _("a vérifié un fichier"), ("verdict", "ground"))
journal.declare("file.given", _("a rangé un fichier dans un dossier"))
journal.declare("file.opened", _("a ouvert un fichier"))
journal.declare("file.removed", _("a supprimé un fichier"), ("why",))

RECEIVED = "files.received"
SCANNED = "files.scanned"
CHUNK = 64 * 1024
VERDICTS = {Verdict.CLEAN: State.CLEAN, Verdict.INFECTED: State.INFECTED}
# A dangerous file is kept as long as somebody may ask why it was refused.
INFECTED_KEPT = timedelta(days=30)


@verb
def receive(
    name: str,
    stream: IO[bytes] | Iterable[bytes],
    person_id: UUID | None,
    *,
    portfolio_id: int = UNASSIGNED,
    department: str = "",
    declared: str = "",
    kept_until: datetime | None = None,
) -> File:
    """Take a file in, in quarantine, encrypted; it is scanned by a job.

    ``name`` and ``declared`` (media type): as the sender says. ``stream``: a file, an upload or chunks of bytes, read
    no further than 20 MB. ``person_id``: whose it is, None if not known yet. The same content for the same person
    gives the file already there. Raises Refused: ``file-empty``, ``file-too-large``, ``file-type-mismatch``,
    ``file-type-refused``, ``file-macros``, ``file-bomb``, ``file-infected`` (known to be), ``file-not-kept``.
    """
    name = clean_name(name)
    content = _read(stream)
    digest = hashlib.sha256(content).digest()
    if known := _given_before(person_id, digest):
        return known
    name, kind = recognise(name, content, declared)
    file = File(id=new_id(), person_id=person_id, portfolio_id=portfolio_id, department=department)
    sealed = seal(content, file.id)
    file.shelf = shelf_of(person_id or file.id)
    file.name, file.media_type, file.size, file.sha256 = name, kind.media_type, len(content), digest
    file.key_id, file.wrapped_key, file.nonce = sealed.key_id, sealed.wrapped_key, sealed.nonce
    file.kept_until = kept_until
    try:
        shelving.write(file.id, sealed.ciphertext)
    except OSError as error:
        raise Refused(
            _("Le fichier n’a pas pu être gardé. Rien n’est perdu de votre côté : réessayez dans un moment."),
            code="file-not-kept",
            field="file",
            facts={"errno": error.errno},
        ) from error
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:
        shelving.remove(file.id)
        if known := _given_before(person_id, digest):  # by somebody else, while we were writing
            return known
        raise
    journal.act(
        "file.received",
        subject=_subject(file),
        person_id=person_id,
        portfolio_id=portfolio_id,
        body={"media_type": file.media_type, "size": file.size, "sha256": digest.hex()},
    )
    outbox.publish(RECEIVED, file.id, portfolio_id=portfolio_id)
    return file


@verb
def scan(file_id: UUID, scanner: Scanner | None = None) -> State:
    """Ask the antivirus about a file in quarantine; returns the state it is in afterwards (worker role).

    Without an answer it stays in quarantine and is asked again later. Content that no longer opens is refused.
    Runs twice without harm: a file leaves quarantine once. No lock is held while the antivirus thinks.
    """
    file = _known(file_id)
    if file.state != State.QUARANTINED:
        return State(file.state)
    try:
        content = file.open()
    except CannotOpen as error:
        if error.code == "unknown-key":  # a key missing from the settings is the operator's to bring back
            return State.QUARANTINED
        state, finding = State.REFUSED, Finding(Verdict.UNAVAILABLE, error.code)
    else:
        finding = (scanner or configured_scanner()).scan(content)
        if finding.verdict not in VERDICTS:
            return State.QUARANTINED
        state = VERDICTS[finding.verdict]
    moment = now()
    changes = {"state": state, "scanned_at": moment, "ground": finding.ground[:120]}
    if state != State.CLEAN:
        changes["kept_until"] = moment + INFECTED_KEPT
    if not File.objects.filter(pk=file.pk, state=State.QUARANTINED).update(**changes):
        return State(File.objects.values_list("state", flat=True).get(pk=file.pk))
    journal.act(
        "file.scanned",
        subject=_subject(file),
        person_id=file.subject_id,
        portfolio_id=file.portfolio_id,
        body={"verdict": state, "ground": finding.ground[:120]},
    )
    outbox.publish(SCANNED, file.id, portfolio_id=file.portfolio_id)
    return state


@verb
def open_clean(file_id: UUID) -> tuple[File, bytes]:
    """A file and its content, once found clean; the look is journaled.

    Raises Unknown (``file-unknown``), TooLate (``file-in-quarantine``), Refused (``file-infected``,
    ``file-unreadable``).
    """
    file = _known(file_id)
    if file.state == State.QUARANTINED:
        raise TooLate(
            _("Ce fichier est en cours de vérification. Il pourra être ouvert ensuite."),
            code="file-in-quarantine",
        )
    if file.state == State.INFECTED:
        raise _infected()
    if file.state != State.CLEAN:
        raise _unreadable("refused")
    try:
        content = file.open()
    except CannotOpen as error:
        raise _unreadable(error.code) from error
    except FileNotFoundError as error:
        raise _unreadable("missing") from error
    journal.look(
        "file.opened", subject=_subject(file), person_id=file.subject_id, portfolio_id=file.portfolio_id
    )
    return file, content


@verb
def give(file_id: UUID, person_id: UUID, *, portfolio_id: int, department: str = "") -> File:
    """Say whose a file of nobody is. Raises Unknown, TooLate (``file-given``), or that it is there already."""
    file = _known(file_id)
    mine = File.objects.filter(pk=file_id, person_id__isnull=True)
    if not mine.update(person_id=person_id, portfolio_id=portfolio_id, department=department):
        raise TooLate(_("Ce fichier est déjà rangé dans un dossier."), code="file-given")
    journal.act("file.given", subject=_subject(file), person_id=person_id, portfolio_id=portfolio_id)
    file.person_id = file.subject_id = person_id
    file.portfolio_id, file.department = portfolio_id, department
    return file


@verb
def remove(file_id: UUID, why: str) -> None:
    """Forget a file and its content (worker role). ``why``: kebab-case ("kept-long-enough", "erasure")."""
    file = _known(file_id)
    journal.act(
        "file.removed",
        subject=_subject(file),
        person_id=file.subject_id,
        portfolio_id=file.portfolio_id,
        body={"why": why},
    )
    file.delete()
    # After the row: a content without a row is swept later, a row without its content would be a loss.
    transaction.on_commit(partial(shelving.remove, file_id))


def configured_scanner() -> Scanner:
    """The antivirus of this installation (``settings.GRUPPETTO_SCANNER``, the path of a class)."""
    scanner: Scanner = import_string(settings.GRUPPETTO_SCANNER)()
    return scanner


def _read(stream: IO[bytes] | Iterable[bytes]) -> bytes:
    """All of ``stream``, given up as soon as it passes the limit."""
    content = bytearray()
    for chunk in _chunks(stream):
        content += chunk
        if len(content) > MAX_BYTES:
            raise too_large()
    if not content:
        raise Refused(
            _("Ce fichier est vide. Vérifiez-le, puis renvoyez-le."), code="file-empty", field="file"
        )
    return bytes(content)


def _chunks(stream: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(stream, "read", None)
    return iter(partial(read, CHUNK), b"") if read else iter(stream)


def _given_before(person_id: UUID | None, digest: bytes) -> File | None:
    """The same content, already given by this person. Raises Refused when it is known to be dangerous."""
    if person_id is None:
        return None
    known = File.objects.filter(subject_id=person_id, sha256=digest).exclude(state=State.REFUSED).first()
    if known is not None and known.state == State.INFECTED:
        raise _infected()
    return known


def _known(file_id: UUID) -> File:
    try:
        return File.objects.get(pk=file_id)
    except File.DoesNotExist as error:
        raise Unknown(
            _("Ce fichier n’existe pas, ou n’est pas dans votre périmètre."), code="file-unknown"
        ) from error


def _infected() -> Refused:
    return Refused(
        _("Ce fichier est dangereux : un virus y a été trouvé. Il ne peut pas être ouvert."),
        code="file-infected",
        field="file",
    )


def _unreadable(why: str) -> Refused:
    return Refused(
        _("Ce fichier ne peut plus être lu. Demandez-le à nouveau, et signalez-le avec ce code."),
        code="file-unreadable",
        facts={"why": why},
    )


def _subject(file: File) -> tuple[str, UUID]:
    return "files.file", file.pk
