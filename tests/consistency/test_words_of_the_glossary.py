"""One thing, one word, in code as on screen: a synonym is a second thing for whoever reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.consistency.sources import place, sentences, trees
from tests.consistency.telling import nothing

# Word somebody might write → the word of the house.
IN_CODE = {
    "customer|citizen|beneficiary|usager|patient": "person (subscriber when there is a contract)",
    "ticket|workitem|request_for_help": "intervention",
    "caseworker|advisor|adviser": "correspondent",
    "operator|teleoperator": "agent",
    "boss|team_leader": "supervisor",
    "sector|area": "territory, zone or part",
    "caregiver|carer|next_of_kin": "relative",
    "replacement|backup_holder": "substitute, substitution",
    "communication|interaction": "contact",
    "recall|callback": "call_back",
    "organization": "organisation",
    "authorization": "authorisation",
    "audit_log|audit_trail|logbook": "journal",
    "permission_to_act": "permit",
    "due_date": "deadline",
    "motive": "reason",
    "procedure|proceeding": "kind (request kind)",
}
ON_SCREEN = {
    "conseill(?:er|ère|ers)": "agent de plate-forme, correspondant",
    "téléopérat(?:eur|rice)s?": "agent de plate-forme",
    "superviseurs?": "responsable",
    "secteurs?": "territoire, zone",
    "aidants?": "proche (de confiance)",
    "suppléants?": "remplaçant",
    "cas client|dossier client": "demande, fiche de la personne",
    "historique des logs|piste d’audit": "journal",
    "procuration": "mandat",
}
# Words of a library or of a standard, not ours.
BORROWED = re.compile(r"^replacement_(?:field|text)$")


def named() -> Iterator[tuple[str, str]]:
    """(name in small letters, place) of each class, function and column."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower(), place(path, node.lineno)
            if isinstance(node, ast.ClassDef) and path.name == "models.py":
                for line in node.body:
                    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                        yield line.targets[0].id.lower(), place(path, line.lineno)


def test_names_in_code_are_those_of_the_glossary() -> None:
    found = [
        f"{where}: {name} → {ours}"
        for name, where in named()
        for theirs, ours in IN_CODE.items()
        if re.search(rf"(?:^|_)(?:{theirs})s?(?:_|$)", name) and not BORROWED.match(name)
    ]
    nothing(found, "the house has another word:")


def test_words_on_screen_are_those_of_the_glossary() -> None:
    found = [
        f"{sentence} → {ours}"
        for sentence in sentences()
        for theirs, ours in ON_SCREEN.items()
        if re.search(rf"(?<![\w’-])(?:{theirs})(?![\w-])", sentence.text, re.I)
    ]
    nothing(found, "the house has another word:")
