"""French that everybody reads: short sentences, no jargon, the signs of French typography."""

from __future__ import annotations

import re

from tests.consistency.sources import sentences
from tests.consistency.telling import nothing

LONGEST = 30
# Word → what we say (glossary). A word inside a longer one is not meant.
JARGON = {
    "e-?mails?|mails?": "courriel",
    "logins?": "identifiant",
    "tickets?": "demande",
    "usagers?|clients?|bénéficiaires? du service": "personne",
    "tableaux? de bord|dashboard": "la supervision, les chiffres",
    "process|workflow": "étapes",
    "deadline": "échéance",
    "digital(?:e|es|aux)?": "numérique, en ligne",
    "checker": "vérifier",
    "authentification": "connexion, double clé",
    "authentifi(?:er|ez|é)": "reconnaître, se connecter",
    "cliquez": "choisissez, appuyez",
    "veuillez": "l’impératif, sans détour",
    "afin de": "pour",
    "susmentionnée?s?|ci-après|ledit|ladite": "rien",
    "erreur fatale|exception|bug": "panne",
    "uuid|id|token|cookie": "rien, ou un code à lire au téléphone",
}
ENGLISH = re.compile(r"\b(?:the|and|with|your|please|password|sign in|save|delete|update|error)\b", re.I)


def plain(text: str) -> str:
    """Without elements of the page and places of values."""
    return re.sub(r"<[^>]+>|%\(\w+\)[sd]|%[sd]|\{\w*\}", "X", text)


def test_no_jargon() -> None:
    found = [
        f"{sentence} → {better}"
        for sentence in sentences()
        for word, better in JARGON.items()
        if re.search(rf"(?<![\w-])(?:{word})(?![\w-])", plain(sentence.text), re.I)
    ]
    nothing(found, "say it as people say it:")


def test_sentences_are_short() -> None:
    found = [
        f"{sentence} ({len(words)} mots)"
        for sentence in sentences()
        for part in re.split(r"[.!?;:](?:\s|$)|\n", plain(sentence.text))
        if len(words := re.findall(r"[\w’'-]+", part)) > LONGEST
    ]
    nothing(found, f"cut it: at most {LONGEST} words between two stops:")


def test_it_is_french() -> None:
    nothing([s for s in sentences() if ENGLISH.search(plain(s.text))], "source texts are in French:")


def test_apostrophes_and_spaces_are_those_of_french() -> None:
    """’ and not ', quotes « », and an unbreakable space inside them and before : ; ! ?"""
    wrong = re.compile(
        r"[a-zà-ÿ]'[a-zà-ÿA-Z]|[\wà-ÿ»)][;!?](?:\s|$)|[a-zà-ÿ»)]:(?:\s|$)|\"|« |[^\s–-] (?:»|[:;!?](?:\s|$))"
    )
    nothing(
        [s for s in sentences() if wrong.search(plain(s.text))],
        "French typography: ’ « », and U+00A0 inside the quotes and before ; : ! ?",
    )


def test_texts_are_not_shouted() -> None:
    shouted = re.compile(r"\b(?!SIREN|SIRET)[A-ZÀ-Ý]{5,}\b")
    nothing(
        [s for s in sentences() if shouted.search(s.text)], "small letters, so that it can be read aloud:"
    )
