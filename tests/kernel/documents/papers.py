"""Invented papers, and what a reader finds in them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from gruppetto.kernel.documents import DaySheet, Letter, Recap, Signature

needs_reader = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils is not installed: nothing to read a PDF with"
)

HOME = ["Madame Jeanne Roux", "12 bis avenue du Général-Leclerc", "81100 CASTRES"]
SIGNED: Signature = {"name": "Élodie Marchetti", "role": "votre correspondante locale"}


def letter(**changes: object) -> Letter:
    base: Letter = {
        "title": "Votre rendez-vous chez le docteur Lambert",
        "recipient": HOME,
        "place_and_date": "Castres, le mardi 3 mai 2027",
        "reference": "I-2027-00481",
        "greeting": "Madame Roux,",
        "paragraphs": ["Nous avons obtenu un rendez-vous.", "C'est mercredi 12 mai à 14 h 30."],
        "to_do": ["Prenez votre carte Vitale.", "Arrivez dix minutes avant l'heure."],
        "closing": "Je vous appelle la veille.",
        "signature": SIGNED,
        "enclosed": ["Plan d'accès"],
        "proof": "7KQ4-92MX-D5TA",
    }
    return base | changes  # type: ignore[return-value]  # changes are checked by the template


def recap(**changes: object) -> Recap:
    base: Recap = {
        "title": "Mémo de votre appel",
        "recipient": HOME,
        "place_and_date": "Castres, le mardi 3 mai 2027",
        "greeting": "Madame Roux,",
        "called_on": "mardi 3 mai à 10 h 12",
        "asked": ["Vous contestez une facture de 412,60 €."],
        "done": ["Nous demandons au fournisseur de vérifier."],
        "next": ["Nous vous appelons avant vendredi 18 h."],
        "signature": SIGNED,
    }
    return base | changes  # type: ignore[return-value]


def day_sheet(rows: int = 2, **changes: object) -> DaySheet:
    base: DaySheet = {
        "title": "Feuille du jour",
        "owner": "Élodie Marchetti, correspondante",
        "day": "mardi 3 mai 2027",
        "printed_at": "le 3 mai à 7 h 30",
        "sections": [
            {
                "title": "Rendez-vous et visites",
                "rows": [
                    {
                        "time": "9 h 30",
                        "name": f"Mme Jeanne Roux {number}",
                        "phone": "06 12 34 56 78",
                        "address": "12 bis avenue du Général-Leclerc, Castres",
                        "what": "Visite : déclaration de revenus",
                        "next": "Relire la case 7DB",
                        "until": "ce soir",
                        "helps": "parler fort",
                    }
                    for number in range(1, rows + 1)
                ],
            },
            {"title": "Rappels promis", "rows": []},
        ],
        "numbers": [("15", "Urgence médicale")],
    }
    return base | changes  # type: ignore[return-value]


def words(pdf: bytes) -> str:
    """All the text of ``pdf``, on one line, with ordinary spaces."""
    found = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def information(pdf: bytes, *options: str) -> str:
    """What ``pdfinfo`` says of ``pdf``."""
    return subprocess.run(
        ["pdfinfo", *options, "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode("utf-8", "replace")  # some titles come in UTF-16
