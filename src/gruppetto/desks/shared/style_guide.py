"""What the style guide shows: invented people with long names, every state, and errors on purpose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.figures import Cell, Chart, Column, Series
from gruppetto.desks.shared.looks import CHANNEL, DEADLINE, FAMILIES, INTERVENTION, look

LONG_NAME = "Marie-Antoinette de La Rochefoucauld-Montbéliard, née Nguyễn-Przybyłowicz"


class SampleForm(forms.Form):
    """One field of each kind."""

    full_name = forms.CharField(label=_("Nom et prénoms"), help_text=_("Comme sur la carte d’identité."))
    birth_date = forms.CharField(
        label=_("Date de naissance"), help_text=_("Par exemple 3/5/48 ou 03 05 1948.")
    )
    phone = forms.CharField(label=_("Téléphone"), required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)
    postcode = forms.CharField(label=_("Code postal"))
    commune = forms.CharField(label=_("Commune"))
    kind = forms.ChoiceField(
        label=_("Type de démarche"),
        choices=[
            ("", _("Choisissez")),
            ("driving", _("Permis de conduire")),
            ("energy", _("Facture d’énergie contestée")),
        ],
    )
    channel = forms.ChoiceField(
        label=_("Comment vous répondre ?"),
        choices=[("phone", _("Par téléphone")), ("sms", _("Par SMS")), ("letter", _("Par courrier"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("Ce qui aide la personne"),
        choices=[("slow", _("Parler lentement")), ("loud", _("Parler fort")), ("letter", _("Écrire gros"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    password = forms.CharField(label=_("Mot de passe"), widget=forms.PasswordInput, required=False)
    story = forms.CharField(
        label=_("Ce que la personne demande"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    proof = forms.FileField(
        label=_("Papier joint"), required=False, help_text=_("PDF ou photo, 10 Mo au plus.")
    )
    read_back = forms.BooleanField(label=_("La demande a été relue à la personne, qui l’accepte"))


def filled_form(data: dict[str, Any] | None = None) -> SampleForm:
    """The form as found, or sent with errors."""
    return SampleForm(
        data,
        prefix="faux" if data else "vide",
        initial={"full_name": LONG_NAME, "phone": "06 12 34 56 78", "channel": "phone"},
    )


def _story(at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "kind": "event",
            "who": "Système",
            "at": at - timedelta(days=9),
            "channel": "",
            "delivery": "",
            "text": _("Demande ouverte et confiée à Jean-Baptiste Castelnau."),
        },
        {
            "kind": "from_person",
            "who": "Mme Roux",
            "at": at - timedelta(days=1, hours=2),
            "channel": "phone",
            "delivery": "",
            "text": _("« Je n’ai toujours pas reçu la carte. On m’a dit trois semaines. »"),
        },
        {
            "kind": "internal",
            "who": "Jean-Baptiste Castelnau",
            "at": at - timedelta(hours=3),
            "channel": "",
            "delivery": "",
            "text": _(
                "Entend mal de l’oreille gauche. Rappeler plutôt le matin, jamais pendant les informations."
            ),
        },
        {
            "kind": "to_person",
            "who": "Jean-Baptiste Castelnau",
            "at": at - timedelta(minutes=12),
            "channel": "sms",
            "delivery": _("Reçu sur le téléphone à 10 h 42"),
            "text": _("La préfecture a validé votre dossier. La carte part par la poste cette semaine."),
        },
    ]


def _items(at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "name": "Mme Roux, Simone",
            "subject": _("Renouvellement de la carte Vitale"),
            "at": at - timedelta(minutes=4),
            "states": [INTERVENTION["in_progress"], DEADLINE["late"]],
            "current": True,
        },
        {
            "name": LONG_NAME,
            "subject": _("Facture d’énergie contestée, deuxième relance du fournisseur"),
            "at": at - timedelta(hours=5),
            "states": [INTERVENTION["waiting_provider"], DEADLINE["soon"]],
            "current": False,
        },
        {
            "name": "M. Le Goff, Yannick",
            "subject": _("Certificat de vie pour une retraite étrangère"),
            "at": at - timedelta(days=2),
            "states": [INTERVENTION["waiting_paper"], DEADLINE["paused"]],
            "current": False,
        },
        {
            "name": "Mme Ait-Ouarabi, Zohra",
            "subject": _("Prendre un rendez-vous chez l’ophtalmologue"),
            "at": at - timedelta(days=3),
            "states": [INTERVENTION["answered"]],
            "current": False,
        },
    ]


QUEUES = [
    ("inbox", _("À faire aujourd’hui"), "12", True),
    ("alarm", _("En retard"), "3", False),
    ("hourglass-split", _("Attend la personne"), "27", False),
    ("building", _("Attend l’organisme"), "41", False),
    ("telephone-outbound", _("Rappels du jour"), "5", False),
    ("archive", _("Closes récemment"), "10 000 +", False),
]


def calls_chart() -> Chart:
    """Two lines over a day, with an hour nobody measured."""
    hours = ["8 h", "9 h", "10 h", "11 h", "12 h", "13 h", "14 h", "15 h", "16 h", "17 h"]
    return Chart(
        id="calls",
        title=_("Appels reçus et décrochés, par heure"),
        definition=_("Un appel est décroché quand un agent l’a pris, même après un rappel."),
        labels_name=_("Heure"),
        labels=hours,
        series=[
            Series(_("Reçus"), [14, 32, 41, 28, 9, None, 22, 30, 26, 12]),
            Series(_("Décrochés"), [13, 30, 35, 27, 9, None, 22, 29, 24, 12]),
        ],
        unit=_("appels"),
        links=[f"?heure={hour}" for hour in range(8, 18)],
    )


def delays_chart() -> Chart:
    """One set of bars with long names."""
    return Chart(
        id="delays",
        title=_("Délai moyen de réponse par équipe"),
        definition=_("Jours ouvrés entre la demande et la réponse, temps d’attente de la personne exclu."),
        labels_name=_("Équipe"),
        labels=["Comminges", "Volvestre", "Toulouse 31100", "Lauragais"],
        series=[Series(_("Délai"), [2.4, 3.1, 4.6, 2.9])],
        kind="bar",
        unit=_("jours"),
        decimals=1,
    )


def sample(at: datetime) -> dict[str, Any]:
    """Everything the sheets of the guide show, as it is at ``at``."""
    return {
        "at": at,
        "long_name": LONG_NAME,
        "form": filled_form(),
        "wrong_form": filled_form(
            {
                "faux-full_name": LONG_NAME,
                "faux-birth_date": "",
                "faux-email": "simone.roux(à)orange.fr",
                "faux-commune": "",
                "faux-kind": "energy",
                "faux-story": "La facture a doublé en un mois.",
            }
        ),
        "families": [
            (name, [(code, look(name, code)) for code in family]) for name, family in FAMILIES.items()
        ],
        "tones": ["neutral", "info", "good", "warning", "danger"],
        "story": _story(at),
        "items": _items(at),
        "queues": QUEUES,
        "moments": [
            at,
            at - timedelta(minutes=5),
            at - timedelta(hours=5),
            at - timedelta(days=1),
            at - timedelta(days=4),
            at - timedelta(days=400),
            at + timedelta(days=1),
        ],
        "facts": [
            (_("Correspondant"), "Jean-Baptiste Castelnau"),
            (_("Remplaçante"), LONG_NAME),
            (_("Mot choisi par la personne"), ""),
            (_("Canal préféré"), CHANNEL["letter"].word),
        ],
        "columns": [
            Column(_("Équipe")),
            Column(_("Demandes"), "number"),
            Column(_("En retard"), "number"),
            Column(_("Coût d’une réponse"), "money"),
            Column(_("État")),
            Column(_("Dernière réponse")),
        ],
        "rows": [
            [
                Cell("Comminges", "#"),
                1240,
                Cell(3, "#"),
                3840,
                Cell(look=DEADLINE["on_time"]),
                at - timedelta(hours=1),
            ],
            [
                Cell("Toulouse 31100, quartiers de la rive gauche et du Mirail", "#"),
                10460,
                Cell(212, "#"),
                123456,
                Cell(look=DEADLINE["late"]),
                at - timedelta(minutes=3),
            ],
            [Cell("Lauragais", "#"), 311, Cell(0, "#"), None, Cell(look=DEADLINE["soon"]), at],
        ],
        # A percent sign inside _("…") of a template comes out doubled: such words are written here.
        "shares": {"kept": "94 %", "note": _("Promesse tenue : 90 %")},
        "empty_rows": [],
        "other_buttons": [{"label": _("Transférer à un collègue"), "name": "act", "value": "transfer"}],
        "charts": [calls_chart(), delays_chart()],
    }
