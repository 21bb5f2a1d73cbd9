"""Which parts a draft has, what each shows of the content, and which errors of the domain belong to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.backoffice import entry_parts, kind_parts
from gruppetto.desks.backoffice.parts import Offers, Part, conditions
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.organisations.models import Organisation
from gruppetto.service.catalogue import drafts
from gruppetto.service.catalogue.models import Draft
from gruppetto.service.catalogue.reads import (
    guides_in_force,
    help_lines_in_force,
    kinds_in_force,
    reasons_in_force,
)
from gruppetto.service.knowledge.reads import articles

ERROR = re.compile(r"(?P<path>[^ ]+) : (?P<said>.*)", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A part of a draft, or a list of parts when ``many``. ``path``: where it stands in the content; empty: at the top.

    ``keys``: at the top, the keys that are this section's. ``shown_by``: the key that names an element.
    """

    code: str
    title: str | Promise
    form: type[Part]
    path: tuple[str, ...] = ()
    many: bool = False
    shown_by: str = ""

    def piece(self, content: Mapping[str, Any]) -> Any:
        """What the content holds there."""
        found: Any = content
        for key in self.path:
            found = found.get(key, {}) if isinstance(found, Mapping) else {}
        if self.many:
            # One sentence alone is written as a text.
            return [{"say": found}] if isinstance(found, str) else list(found or ())
        return found or {}

    def put(self, content: Mapping[str, Any], piece: Any) -> dict[str, Any]:
        """The content with that piece in place."""
        if not self.path:
            return dict(piece)
        first, *rest = self.path
        if rest:
            return {**content, first: {**content.get(first, {}), rest[0]: piece}}
        return {**content, first: piece}


SECTIONS: dict[str, tuple[Section, ...]] = {
    drafts.KIND: (
        Section("essentiel", _("L’essentiel"), kind_parts.Essential),
        Section("droits", _("Actes, organismes et liens"), kind_parts.Rights),
        Section("questions", _("Questions"), kind_parts.Question, ("questions",), True, "ask"),
        Section("papiers", _("Papiers à réunir"), kind_parts.Paper, ("papers",), True, "label"),
        Section("etapes", _("Étapes"), kind_parts.Step, ("steps",), True, "label"),
        Section(
            "suites",
            _("Ce que les réponses changent"),
            kind_parts.Consequence,
            ("consequences",),
            True,
            "says",
        ),
        Section("mises-en-garde", _("Mises en garde"), kind_parts.Warn, ("warnings",), True, "text"),
        Section(
            "demande",
            _("À relire : ce que vous demandez"),
            kind_parts.Sentence,
            ("read_back", "asks"),
            True,
            "say",
        ),
        Section(
            "action",
            _("À relire : ce que nous faisons"),
            kind_parts.Sentence,
            ("read_back", "does"),
            True,
            "say",
        ),
        Section(
            "reponse",
            _("À relire : quand vous saurez"),
            kind_parts.Sentence,
            ("read_back", "hears"),
            True,
            "say",
        ),
        Section("issues", _("Ce que l’on dit à la fin"), kind_parts.Outcomes, ("outcomes",)),
    ),
    drafts.LINE: (Section("texte", _("Le numéro"), entry_parts.HelpLineText),),
    drafts.GUIDE: (Section("texte", _("La conduite à tenir"), entry_parts.GuideText),),
    drafts.ARTICLE: (Section("texte", _("L’article"), entry_parts.ArticleText),),
}
# Keys that the forms at the top of a kind share between them.
RIGHTS = {"acts_allowed", "acts_forbidden", "providers", "see_also"}


@dataclass(frozen=True)
class Wrong:
    """An error of the domain, placed: section, element (0: the section itself), field."""

    section: Section
    number: int
    field: str
    said: str


def section_of(draft: Draft, code: str) -> Section:
    """The section of that name; raises ``Unknown``."""
    for section in SECTIONS[draft.table]:
        if section.code == code:
            return section
    raise Unknown(_("Cette partie du brouillon n’existe pas."), code="unknown-part")


def place(draft: Draft, errors: list[str]) -> list[Wrong]:
    """Each error where its field is."""
    return [_place(SECTIONS[draft.table], error) for error in errors]


def _place(sections: tuple[Section, ...], error: str) -> Wrong:
    found = ERROR.match(error)
    path, said = (found["path"], found["said"]) if found else ("", error)
    steps = [re.match(r"(\w*)(?:\[(\d+)\])?", step) for step in path.split(".")]
    names = [(step[1], int(step[2] or 0)) for step in steps if step]
    for section in sections:
        here = tuple(name for name, _n in names[: len(section.path)])
        if section.path and here == section.path:
            number = names[len(section.path) - 1][1] if section.many else 0
            rest = names[len(section.path) :]
            return Wrong(section, number, rest[0][0] if rest else "", said)
    name, number = names[0] if names else ("", 0)
    if name == "sections" and number and len(names) > 1:
        return Wrong(sections[0], 0, f"{names[1][0]}_{number}", said)
    rights = len(sections) > 1 and name in RIGHTS
    return Wrong(sections[1 if rights else 0], 0, name, said)


def offers(draft: Draft, section: Section, number: int = 0) -> Offers:
    """What the fields of that part may name; a condition names questions asked before."""
    at = now()
    questions = draft.content.get("questions", [])
    if section.code == "questions":
        questions = questions[: number - 1] if number else questions
    match draft.table, section.code:
        case drafts.KIND, "essentiel":
            return Offers(
                reasons=tuple(
                    (f"{reason.code}/{sub.code}", f"{reason.label} – {sub.label}")
                    for reason in reasons_in_force(at)
                    for sub in reason.sub_reasons.all()
                )
            )
        case drafts.KIND, "droits":
            return Offers(providers=_providers(), kinds=_kinds(draft))
        case drafts.KIND, "suites":
            guides = tuple((guide.code, guide.label) for guide in guides_in_force(at))
            return Offers(kinds=_kinds(draft), guides=guides, conditions=conditions(questions))
        case drafts.GUIDE, _:
            lines = tuple((row.code, f"{row.number} – {row.label}") for row in help_lines_in_force(at))
            return Offers(lines=lines)
        case drafts.ARTICLE, _:
            others = tuple(
                (code, title)
                for code, title in articles(at).values_list("article_id", "title")
                if code != draft.code
            )
            return Offers(kinds=_kinds(draft), articles=others)
        case _:
            return Offers(conditions=conditions(questions))


def _kinds(draft: Draft) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind.code, kind.label)
        for kind in kinds_in_force(now())
        if draft.table != drafts.KIND or kind.code != draft.code
    )


def _providers() -> tuple[tuple[str, str], ...]:
    known = Organisation.objects.exclude(key="").order_by("name_key", "id")
    return tuple(known.values_list("key", "name"))


def title_of(draft: Draft) -> str:
    """How the thing is called in the draft."""
    content = draft.content
    return str(content.get("label") or content.get("title") or draft.code)


# Names of keys for the reader of a difference.
KEYS: dict[str, str | Promise] = {
    "label": _("nom"),
    "title": _("titre"),
    "words": _("mots"),
    "domain": _("domaine"),
    "sub_domain": _("domaine, partie"),
    "grade": _("difficulté"),
    "urgent": _("urgence"),
    "price_class": _("prix"),
    "sensitivity": _("confidentialité"),
    "identity_level": _("identité nécessaire"),
    "reason": _("motif"),
    "sub_reason": _("sous-motif"),
    "providers": _("organismes"),
    "source_url": _("source"),
    "seen_on": _("date de la source"),
    "acts_allowed": _("actes permis"),
    "acts_forbidden": _("actes interdits"),
    "questions": _("question"),
    "papers": _("papier"),
    "steps": _("étape"),
    "consequences": _("suite"),
    "warnings": _("mise en garde"),
    "read_back": _("phrases relues"),
    "asks": _("ce que vous demandez"),
    "does": _("ce que nous faisons"),
    "hears": _("quand vous saurez"),
    "outcomes": _("à la fin"),
    "see_also": _("voir aussi"),
    "shows_if": _("seulement si"),
    "choices": _("choix"),
    "ask": _("question lue"),
    "changes": _("ce que cela change"),
    "help": _("aide"),
    "required": _("nécessaire"),
    "unsaid": _("sans réponse"),
    "why": _("pourquoi"),
    "where": _("où"),
    "who": _("qui"),
    "act": _("acte"),
    "detail": _("précision"),
    "text": _("texte"),
    "say": _("phrase"),
    "says": _("phrase"),
    "said": _("dans la phrase"),
    "summary": _("résumé"),
    "sections": _("partie"),
    "kinds": _("démarches"),
    "number": _("numéro"),
    "purpose": _("utilité"),
    "channel": _("canal"),
    "sign": _("signe"),
    "never": _("jamais"),
    "key": _("touche"),
    "help_lines": _("numéros d’aide"),
    "code": _("code"),
}


def told(path: tuple[str, ...]) -> str:
    """Where a change is, in words."""
    return " – ".join(str(KEYS.get(step, step)) for step in path)
