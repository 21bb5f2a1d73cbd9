"""The list is the back office's, the causes found are the supervisor's, in their portfolios; the first list comes here.

A cause is seen with the reason it explains: what hides a complaint from whom it is about hides its cause.
"""

from django.db import migrations

from gruppetto.kernel.access import walls

FIRST_LIST = """
INSERT INTO causes_cause (id, code, label, position, valid_from)
SELECT gen_random_uuid(), code, label, position, '2020-01-01 00:00+00' FROM (VALUES
    (1, 'our-delay', 'Notre délai est dépassé'),
    (2, 'unclear-answer', 'Notre réponse n’est pas comprise'),
    (3, 'paper-asked-twice', 'Un papier est demandé deux fois'),
    (4, 'our-mistake', 'Erreur de notre part'),
    (5, 'no-news', 'La personne n’a pas de nouvelles'),
    (6, 'provider-failure', 'Panne ou refus de l’organisme'),
    (7, 'provider-delay', 'Délai de l’organisme dépassé'),
    (8, 'too-complex', 'Démarche trop compliquée'),
    (9, 'new-need', 'Besoin nouveau, rien à corriger'),
    (10, 'other', 'Autre cause')
) AS first (position, code, label)
"""
LEADS = "(SELECT access.role()) = 'supervisor' AND portfolio_id = ANY ((SELECT access.scope())::int[])"
ITS_REASON = "EXISTS (SELECT 1 FROM contacts_contactreason r WHERE r.id = reason_id)"
POLICIES = f"""
ALTER TABLE causes_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON causes_finding FOR SELECT TO {walls.WEB} USING ({LEADS});
CREATE POLICY added ON causes_finding FOR INSERT TO {walls.WEB}
    WITH CHECK ({LEADS} AND found_by = (SELECT access.me()) AND {ITS_REASON});
CREATE POLICY changed ON causes_finding FOR UPDATE TO {walls.WEB} USING ({LEADS})
    WITH CHECK ({LEADS} AND found_by = (SELECT access.me()) AND {ITS_REASON});
CREATE POLICY with_its_reason ON causes_finding AS RESTRICTIVE FOR SELECT TO {walls.WEB} USING ({ITS_REASON});
CREATE POLICY platform ON causes_finding TO {walls.WORKER}, {walls.ENFORCER} USING (true) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("causes", "0001_initial"), ("complaints", "0002_walls"), ("contacts", "0002_walls")]

    operations = [
        walls.sql(FIRST_LIST),
        walls.grant("causes_cause", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        walls.actor_required("causes_cause"),
        walls.kept_by("causes_cause", "back_office"),
        walls.grant("causes_finding", web="SELECT, INSERT, UPDATE", worker="SELECT, UPDATE"),
        walls.actor_required("causes_finding"),
        walls.subject("causes_finding"),
        walls.shelf("causes_finding"),
        walls.sql(POLICIES),
    ]
