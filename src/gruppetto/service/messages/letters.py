"""Letters: one PDF each, given to the printer by batches once a business day, with a list and its hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting, verb
from gruppetto.kernel.calendars.cutoffs import last_cutoff
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.documents import render
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.people.models import Channel, Need
from gruppetto.service.messages.leaving import begin, due, freeze
from gruppetto.service.messages.models import Delivery, LetterBatch
from gruppetto.service.messages.ports import Printed, Printer, printer
from gruppetto.service.messages.sending import ACTOR, accept, doubt

CUT_OFF = time(14)
"""What is queued before it on a business day leaves with that day's post."""
BATCH = 200
GIVEN_UP = timedelta(minutes=5)


def send_letters(at: datetime | None = None) -> int:
    """Make and hand over the batch of the last cut-off, if one is due; returns how many letters left."""
    at, where = at or clock.now(), printer()
    if where is None:
        return 0
    with acting(ACTOR):
        batch = make_batch(where, at)
    return _hand_over(where, batch) if batch else 0


def finish_batches(at: datetime | None = None) -> None:
    """Hand over the batches that a stop left aside: the same file under the same name is one batch."""
    at, where = at or clock.now(), printer()
    if where is None:
        return
    with acting(ACTOR):
        left = list(
            LetterBatch.objects.filter(state=LetterBatch.State.MADE, made_at__lte=at - GIVEN_UP).order_by(
                "made_at"
            )
        )
    for batch in left:
        _hand_over(where, batch)


@verb
def make_batch(where: Printer, at: datetime) -> LetterBatch | None:
    """Freeze and print the letters due, keep their file aside, commit its identity; None when none is due."""
    before = last_cutoff(at, CUT_OFF, hours_in_force(at))
    letters = due(at).filter(channel=Channel.LETTER, queued_at__lt=before).select_for_update(skip_locked=True)
    printed: list[tuple[Delivery, Printed]] = []
    for delivery in letters[:BATCH]:
        if freeze(delivery, at):
            printed.append((delivery, _print(delivery, at)))
    if not printed:
        return None
    batch_id = new_id()
    name = f"courriers-{at.astimezone(PARIS):%Y%m%d-%H%M}-{str(batch_id)[-8:]}"
    sha256 = where.keep(name, [one for _delivery, one in printed])
    batch = LetterBatch.objects.create(
        id=batch_id, name=name, sha256=sha256, letters=len(printed), made_at=at, state=LetterBatch.State.MADE
    )
    for delivery, one in printed:
        delivery.batch_id, delivery.key = batch.pk, one.key
        begin(delivery, at)
    return batch


def _hand_over(where: Printer, batch: LetterBatch) -> int:
    kept = where.hand_over(batch.name, batch.sha256)
    with acting(ACTOR):
        return close_batch(batch.pk, batch.name, kept=kept)


@verb
def close_batch(batch_id: UUID, name: str, *, kept: bool) -> int:
    """Note that the printer has the batch; without its file (not ``kept``), a human decides of each letter."""
    carried = Delivery.objects.filter(batch_id=batch_id, state=Delivery.State.SENDING)
    keys = list(carried.order_by("id").values_list("pk", flat=True))
    for key in keys:
        if kept:
            accept(key, name)
        else:
            doubt(key, "worker-stopped")
    LetterBatch.objects.filter(pk=batch_id).update(state=LetterBatch.State.HANDED, handed_at=clock.now())
    return len(keys) if kept else 0


def _print(delivery: Delivery, at: datetime) -> Printed:
    large = Need.objects.filter(subject_id=delivery.subject_id, kind=Need.Kind.SIGHT, ended_on=None).exists()
    content = paper(
        delivery.title,
        delivery.text,
        delivery.recipient.splitlines(),
        at,
        large_print=large,
        mark=str(delivery.pk),
    )
    return Printed(hashlib.sha256(content).hexdigest(), content)


def paper(
    title: str,
    text: str,
    recipient: Sequence[str],
    at: datetime,
    *,
    large_print: bool = False,
    mark: str = "",
) -> bytes:
    """A message as a letter to post: PDF. ``recipient``: the lines of the envelope; ``mark``: kept with the file."""
    greeting, *paragraphs = [part.strip() for part in text.split("\n") if part.strip()] or [""]
    day = day_text(at.astimezone(PARIS).date(), year=True, weekday=False)
    return render(
        "letter",
        {
            "title": title,
            "recipient": list(recipient)[:6],
            "place_and_date": _("Le %(day)s") % {"day": day},
            "greeting": greeting,
            "paragraphs": paragraphs,
            "closing": _("Avec nos salutations."),
            "signature": {"name": settings.GRUPPETTO_NAME},
            "to_do": None,
            **({"proof": mark} if mark else {}),
        },
        large_print=large_print,
    )
