"""The health of the platform in plain words: what was looked at, what it means, what to do.

The same checks as ``gruppetto doctor``, seen from inside the web process and told to an administrator.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.looks import Look
from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.delays import Delay, delays
from gruppetto.kernel.secrets.envelope import keyring
from gruppetto.registry.people.models import ShelfCheck

LOOKS: dict[str, Look] = {
    "well": Look(gettext_lazy("Bien"), "good", "check-circle-fill"),
    "advice": Look(gettext_lazy("À prévoir"), "warning", "exclamation-triangle-fill"),
    "fault": Look(gettext_lazy("Panne"), "danger", "exclamation-octagon-fill"),
}
OLDEST_POSTGRESQL = 15
LONG_SECRET = 32
LATE_FACTS, LATE_JOBS, LATE_ORPHANS = 30, 300, 300
STALE = timedelta(days=2)
LITTLE_SPACE = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``todo`` empty when it is well."""

    level: str
    subject: str
    sentence: str
    todo: str = ""

    @property
    def look(self) -> Look:
        """How the level is shown."""
        return LOOKS[self.level]


def examine() -> list[Finding]:
    """All findings, the worst first (6 queries)."""
    found = [
        *_database(),
        *_migrations(),
        *_delays(),
        *_shelves(),
        *_secrets(),
        *_files(),
        *_scanner(),
        *_spool(),
    ]
    return sorted(found, key=lambda one: ("fault", "advice", "well").index(one.level))


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, rolsuper OR rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        version, above = cursor.fetchone()
    subject = _("Base de données")
    if version < OLDEST_POSTGRESQL:
        yield Finding(
            "fault",
            subject,
            _("PostgreSQL %(version)s est trop ancien.") % {"version": version},
            _("Passez à la version %(oldest)s ou plus.") % {"oldest": OLDEST_POSTGRESQL},
        )
    elif above:
        yield Finding(
            "fault",
            subject,
            _("Le compte de la base passe au-dessus des règles de confidentialité."),
            _("Utilisez le rôle gruppetto_web, puis relancez."),
        )
    else:
        yield Finding("well", subject, _("PostgreSQL %(version)s répond.") % {"version": version})


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            "fault",
            _("Tables"),
            _("%(n)s mises à jour de la base ne sont pas faites.") % {"n": len(waiting)},
            _("Lancez « gruppetto manage migrate »."),
        )
    else:
        yield Finding("well", _("Tables"), _("Toutes les mises à jour sont faites."))


def _delays() -> Iterator[Finding]:
    known = delays()
    for what, subject, late in (
        ("facts", _("Nouvelles à transmettre"), LATE_FACTS),
        ("jobs", _("Travaux automatiques"), LATE_JOBS),
        ("cut", _("Travaux interrompus"), LATE_ORPHANS),
    ):
        yield _delay(subject, known[what], late)
    failed = known["failed"]
    if failed.waiting:
        yield Finding(
            "fault",
            _("Travaux échoués"),
            _("%(n)s travaux ont échoué après tous leurs essais.") % {"n": wording.number(failed.waiting)},
            _("Lisez le journal technique, corrigez la cause, puis relancez-les."),
        )
    else:
        yield Finding("well", _("Travaux échoués"), _("Aucun."))


def _shelves() -> Iterator[Finding]:
    checks = ShelfCheck.objects.values_list("astray", "checked_at")
    lost, since = sum(astray for astray, _at in checks), now() - STALE
    if lost:
        yield Finding(
            "fault",
            _("Lignes et personnes"),
            _("%(n)s lignes nomment une personne qui n’existe pas.") % {"n": wording.number(lost)},
            _("Lancez « gruppetto doctor » : il dit dans quelles tables."),
        )
    elif checks and all(at > since for _astray, at in checks):
        yield Finding("well", _("Lignes et personnes"), _("Chaque ligne retrouve sa personne."))
    else:
        yield Finding(
            "advice",
            _("Lignes et personnes"),
            _("Rien n’a été regardé depuis deux jours."),
            _("C’est fait chaque nuit : le service de fond tourne-t-il la nuit ?"),
        )


def _delay(subject: str, delay: Delay, late: int) -> Finding:
    words = {"n": wording.number(delay.waiting), "seconds": wording.number(delay.oldest_seconds)}
    if delay.oldest_seconds > late:
        return Finding(
            "fault",
            subject,
            _("%(n)s attendent, le plus ancien depuis %(seconds)s secondes.") % words,
            _("Vérifiez que « gruppetto worker » tourne."),
        )
    return Finding("well", subject, _("%(n)s en attente, sans retard.") % words)


def _secrets() -> Iterator[Finding]:
    for name, subject, otherwise in (
        ("SECRET_KEY", _("Clé des sessions"), _("Un redémarrage déconnecterait tout le monde.")),
        ("GRUPPETTO_SERVICE_KEY", _("Clé des services"), _("Le téléphone ne peut pas entrer.")),
    ):
        if len(getattr(settings, name)) >= LONG_SECRET:
            yield Finding("well", subject, _("En place."))
        else:
            todo = _("Donnez à %(name)s au moins 32 caractères tirés au hasard.") % {
                "name": name if name.startswith("GRUPPETTO") else f"GRUPPETTO_{name}"
            }
            yield Finding("fault", subject, otherwise, todo)
    try:
        keyring()
    except ImproperlyConfigured:
        yield Finding(
            "fault",
            _("Clé des documents"),
            _("Aucun document ne peut être gardé."),
            _("Donnez une clé à GRUPPETTO_FILES_KEY : voir le guide d’installation."),
        )
    else:
        yield Finding("well", _("Clé des documents"), _("En place."))


def _files() -> Iterator[Finding]:
    fonts = any(Path(settings.GRUPPETTO_FONTS_FOLDER).glob("*.ttf"))
    yield (
        Finding("well", _("Lettres imprimées"), _("Les caractères d’imprimerie sont en place."))
        if fonts
        else Finding(
            "fault",
            _("Lettres imprimées"),
            _("Aucune lettre ne peut être imprimée : les caractères manquent."),
            _("Lancez « make assets »."),
        )
    )
    folder = Path(settings.GRUPPETTO_FILES_FOLDER)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = {"free": wording.number(free / 1024**3, 1)}
    if free < LITTLE_SPACE:
        yield Finding(
            "fault",
            _("Place pour les documents"),
            _("Il reste %(free)s Go.") % words,
            _("Libérez de la place ou agrandissez le disque."),
        )
    else:
        yield Finding("well", _("Place pour les documents"), _("Il reste %(free)s Go.") % words)


def _scanner() -> Iterator[Finding]:
    if settings.GRUPPETTO_CLAMD:
        yield Finding("well", _("Antivirus"), _("En place."))
    else:
        yield Finding(
            "advice",
            _("Antivirus"),
            _("Les documents reçus restent en quarantaine : personne ne peut les ouvrir."),
            _("Installez ClamAV et donnez son adresse à GRUPPETTO_CLAMD."),
        )


def _spool() -> Iterator[Finding]:
    folder = Path(settings.GRUPPETTO_SPOOL_FOLDER)
    waiting = sum(1 for one in folder.iterdir() if one.is_file()) if folder.is_dir() else 0
    if waiting:
        yield Finding(
            "advice",
            _("Appels gardés pendant une panne"),
            _("%(n)s attendent d’être rejoués.") % {"n": wording.number(waiting)},
            _("Ils le sont tout seuls dès que la base répond. S’ils restent, appelez l’installateur."),
        )
    else:
        yield Finding("well", _("Appels gardés pendant une panne"), _("Aucun n’attend."))
