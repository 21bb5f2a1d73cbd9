"""Working together on one intervention: putting aside, linking, merging, handing over, mentioning, following."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import gruppetto.kernel.identifiers.keys

# What was there before: since its last move, else since it was opened.
SINCE = """
SELECT set_config('gruppetto.actor', 'command:migrate', true);
UPDATE interventions_intervention i SET state_since = coalesce(
    (SELECT max(m.at) FROM interventions_move m WHERE m.intervention_id = i.id AND m.target = i.state), i.opened_at);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interventions", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.SmallIntegerField(editable=False)),
                ("portfolio_id", models.IntegerField(db_default=0, default=0)),
                ("department", models.CharField(blank=True, db_default="", default="", max_length=3)),
                ("account_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "suivi d’une intervention",
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.SmallIntegerField(editable=False)),
                ("portfolio_id", models.IntegerField(db_default=0, default=0)),
                ("department", models.CharField(blank=True, db_default="", default="", max_length=3)),
                ("from_id", models.UUIDField(null=True)),
                ("to_id", models.UUIDField()),
                ("words", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "proposée"),
                            ("accepted", "acceptée"),
                            ("declined", "refusée"),
                            ("withdrawn", "retirée"),
                        ],
                        default="offered",
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
            options={
                "verbose_name": "passage de relais",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.SmallIntegerField(editable=False)),
                ("portfolio_id", models.IntegerField(db_default=0, default=0)),
                ("department", models.CharField(blank=True, db_default="", default="", max_length=3)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("related", "a un rapport avec"),
                            ("same", "même affaire que"),
                            ("follows", "fait suite à"),
                            ("split", "séparée de"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("account_id", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "lien entre interventions",
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.SmallIntegerField(editable=False)),
                ("portfolio_id", models.IntegerField(db_default=0, default=0)),
                ("department", models.CharField(blank=True, db_default="", default="", max_length=3)),
                ("before", models.JSONField()),
                ("moved", models.JSONField()),
                ("at", models.DateTimeField()),
                ("account_id", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "réunion de deux interventions",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.SmallIntegerField(editable=False)),
                ("portfolio_id", models.IntegerField(db_default=0, default=0)),
                ("department", models.CharField(blank=True, db_default="", default="", max_length=3)),
                ("account_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "vous cite dans une note"),
                            ("offered", "vous propose de prendre la suite"),
                            ("accepted", "prend la suite"),
                            ("declined", "ne prend pas la suite"),
                            ("back", "revient à la date que vous aviez choisie"),
                            ("news", "a du nouveau"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note_id", models.UUIDField(null=True)),
                ("by_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "avis à un collègue",
            },
        ),
        migrations.AddField(
            model_name="intervention",
            name="back_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="intervention",
            name="corrected_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="intervention",
            name="corrected_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="intervention",
            name="details",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="ce qu’il faut savoir"
            ),
        ),
        migrations.AddField(
            model_name="intervention",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="intervention",
            name="snooze_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="intervention",
            name="snoozed_until",
            field=models.DateTimeField(null=True, verbose_name="mise de côté jusqu’au"),
        ),
        migrations.AddField(
            model_name="intervention",
            name="state_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="intervention",
            name="state_since",
            field=models.DateTimeField(default=None, editable=False),
        ),
        migrations.AddField(
            model_name="note",
            name="copied_from",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="intervention",
            name="state",
            field=models.CharField(
                choices=[
                    ("opened", "ouverte"),
                    ("assigned", "confiée"),
                    ("in_progress", "en cours"),
                    ("waiting_person", "en attente de la personne"),
                    ("waiting_provider", "en attente de l’organisme"),
                    ("waiting_paper", "en attente d’un papier"),
                    ("answered", "répondue"),
                    ("confirmed", "confirmée par la personne"),
                    ("not_confirmed", "répondue, non confirmée"),
                    ("closed", "close"),
                    ("cancelled", "annulée"),
                    ("merged", "réunie à une autre"),
                ],
                default="opened",
                max_length=16,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="move",
            name="target",
            field=models.CharField(
                choices=[
                    ("opened", "ouverte"),
                    ("assigned", "confiée"),
                    ("in_progress", "en cours"),
                    ("waiting_person", "en attente de la personne"),
                    ("waiting_provider", "en attente de l’organisme"),
                    ("waiting_paper", "en attente d’un papier"),
                    ("answered", "répondue"),
                    ("confirmed", "confirmée par la personne"),
                    ("not_confirmed", "répondue, non confirmée"),
                    ("closed", "close"),
                    ("cancelled", "annulée"),
                    ("merged", "réunie à une autre"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "opened",
                            "assigned",
                            "in_progress",
                            "waiting_person",
                            "waiting_provider",
                            "waiting_paper",
                        ],
                    )
                ),
                fields=["portfolio_id", "opened_at", "id"],
                name="interventions_longest_open",
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(fields=["portfolio_id", "opened_at", "id"], name="interventions_by_portfolio"),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                fields=["portfolio_id", "state", "state_since", "id"], name="interventions_by_state_since"
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                fields=["portfolio_id", "state", "opened_at", "id"], name="interventions_by_opening"
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(fields=["worker_id", "portfolio_id"], name="interventions_worker_in"),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["snoozed_until"],
                name="interventions_asleep",
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                condition=models.Q(("back_at__isnull", False)),
                fields=["worker_id", "back_at"],
                name="interventions_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="intervention",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="merged_means_into_another",
                violation_error_message="Une intervention réunie dit à laquelle.",
            ),
        ),
        migrations.AddConstraint(
            model_name="intervention",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("snoozed_until__isnull", True),
                    models.Q(
                        models.Q(("snooze_why", ""), _negated=True),
                        (
                            "state__in",
                            [
                                "opened",
                                "assigned",
                                "in_progress",
                                "waiting_person",
                                "waiting_provider",
                                "waiting_paper",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="what_is_put_aside_says_why",
                violation_error_message="Ce qui est mis de côté dit pourquoi, et reste à faire.",
            ),
        ),
        migrations.AddField(
            model_name="follow",
            name="intervention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followers",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="intervention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handovers",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="intervention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="linked_from",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="absorbed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merged",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merges",
                to="interventions.intervention",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="intervention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="interventions.intervention",
            ),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("shelf", "id"), name="follow_on_shelf"),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(
                fields=("intervention", "account_id"),
                name="one_follows_an_intervention_once",
                violation_error_message="Vous suivez déjà cette demande.",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("shelf", "id"), name="handover_on_shelf"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "offered")),
                fields=("intervention",),
                name="work_is_offered_to_one_at_a_time",
                violation_error_message="Cette demande est déjà proposée à quelqu’un.",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "offered")),
                    models.Q(models.Q(("state", "offered"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="an_offer_answered_has_its_date",
                violation_error_message="Une proposition qui a sa réponse a une date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("shelf", "id"), name="link_on_shelf"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("intervention", "other"),
                django.db.models.functions.comparison.Greatest("intervention", "other"),
                name="two_interventions_are_linked_once",
                violation_error_message="Ces deux demandes sont déjà liées.",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("intervention", models.F("other")), _negated=True),
                name="a_link_joins_two_interventions",
                violation_error_message="Une demande ne se lie pas à elle-même.",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(fields=("shelf", "id"), name="merge_on_shelf"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("absorbed",),
                name="an_intervention_is_merged_once",
                violation_error_message="Cette demande est déjà réunie à une autre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("absorbed")), _negated=True),
                name="a_merge_joins_two_interventions",
                violation_error_message="Une demande ne se réunit pas à elle-même.",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["account_id", "-at", "id"],
                name="notices_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["account_id", "-at", "id"], name="notices_of_account"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("shelf", "id"), name="notice_on_shelf"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "news"), ("read_at__isnull", True)),
                fields=("intervention", "account_id"),
                name="news_is_told_once_until_read",
                violation_error_message="Cet avis attend déjà d’être lu.",
            ),
        ),
    ]
