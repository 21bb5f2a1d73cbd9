"""Models and migrations agree, and nothing was changed after the first release by a file in between."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override

from tests.consistency.telling import nothing


def test_every_change_of_a_model_has_its_migration() -> None:
    loader = MigrationLoader(None)
    # As the command does: names of the libraries are compared in the language they are written in.
    with override(None):
        state = ProjectState.from_apps(apps)
        found = MigrationAutodetector(loader.project_state(), state).changes(loader.graph)
    nothing(
        [
            f"{label}: {operation.describe()}"
            for label, migrations in found.items()
            for migration in migrations
            for operation in migration.operations
        ],
        "gruppetto manage makemigrations:",
    )


def test_no_two_migrations_fork() -> None:
    nothing(MigrationLoader(None).detect_conflicts(), "two leaves in:")
