"""What the content says: true to the lists it starts from, plain, complete, and nothing invented."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.files import CONTENT, Catalogue, read_catalogue
from gruppetto.service.catalogue.script import read_back
from gruppetto.service.catalogue.vocabulary import Act, Domain, Grade, Outcome, QuestionKind, Sensitivity
from gruppetto.service.knowledge.files import read_library

CATALOGUE: Catalogue = read_catalogue()
KINDS = {kind.code: kind for kind in CATALOGUE.kinds}

each_kind = pytest.mark.parametrize("kind", CATALOGUE.kinds, ids=lambda kind: kind.code)

LONGEST_SENTENCE = 25
JARGON = [
    "abonder",
    "allocataire",
    "ayant droit",
    "bénéficiaire",
    "bordereau",
    "cerfa",
    "déclaratif",
    "dématérialis",
    "diligenter",
    "éligib",
    "instruction du dossier",
    "mandataire",
    "nonobstant",
    "notification",
    "pièce justificative",
    "prestation",
    "procédure",
    "récépissé",
    "susmentionné",
    "télédéclar",
    "téléservice",
    "usager",
]
# Capitals that people know, or that stand beside their words.
KNOWN_CAPITALS = {
    "ANTS", "CPAM", "EDF", "MSA", "RIB", "RIO", "SAMU", "SMS", "SNCF", "CB", "TGV", "TER", "APL", "ALS", "SFR",
    "RSA", "AAH", "MDPH", "APA", "CMI",
}  # fmt: skip


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a parsed content, whatever its depth."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif hasattr(value, "__dataclass_fields__"):
        skipped = {
            "code",
            "id",
            "source_url",
            "shows_if",
            "words",
            "see_kind",
            "distress",
            "see_also",
            "providers",
        }
        for name in value.__dataclass_fields__:
            if name not in skipped:
                yield from texts_of(getattr(value, name))


ALL_TEXTS = sorted(
    {
        text
        for part in (CATALOGUE.kinds, CATALOGUE.guides, CATALOGUE.reasons)
        for text in texts_of(part)
        if " " in text
    }
)


def sentences_of(text: str) -> list[str]:
    return [part for part in re.split(r"[.!?:;»]+(?:\s|$)", text.replace("\u00a0", " ")) if part.strip()]


def test_sixty_kinds_serve_the_three_domains() -> None:
    assert len(KINDS) >= 60
    served = Counter(kind.domain for kind in KINDS.values())
    assert set(served) == set(Domain)
    assert min(served.values()) >= 10


def test_each_kind_sends_to_others_or_to_an_article() -> None:
    articles = {code for article in read_library(KINDS).articles for code in article.kinds}
    assert KINDS.keys() - articles == set()
    assert [kind.code for kind in KINDS.values() if not kind.see_also] == []


@each_kind
def test_what_is_said_has_no_condition_left_in_it(kind: Kind) -> None:
    assert [text for text in texts_of(kind) if re.search(r"\? \w+=", text)] == []


def test_the_first_ten_kinds_are_there() -> None:
    assert set(KINDS) >= {
        "medical-appointment",
        "train-ticket",
        "energy-bill-dispute",
        "housing-benefit",
        "tax-return",
        "driving-licence",
        "life-certificate",
        "health-card-renewal",
        "phone-contract",
        "bank-card-block",
    }


def test_the_reasons_are_those_of_the_starting_list() -> None:
    listed = [
        (reason.code, reason.repeat_days, [sub.code for sub in reason.sub_reasons])
        for reason in CATALOGUE.reasons
    ]
    assert listed == [
        ("understand", 15, []),
        ("make-request", 30, ["first-request", "renewal", "change"]),
        ("follow-request", 15, ["no-news", "paper-asked", "decision"]),
        ("appointment", 15, ["make", "move", "cancel", "remind"]),
        ("pay-or-be-paid", 30, ["bill", "refund", "arrears", "benefit-not-received"]),
        ("buy-or-book", 15, ["travel", "order", "subscription"]),
        ("provider-problem", 30, ["dispute", "breakdown", "contract", "unwanted-sale"]),
        ("my-account", 30, ["subscription", "mandate", "relative", "details"]),
        ("complaint", 30, ["delay", "wrong-answer", "conduct", "lost-paper", "other"]),
        ("alert", 7, ["suspicious-contact", "lost-card", "worry"]),
    ]
    assert [reason.code for reason in CATALOGUE.reasons if reason.complaint] == ["complaint"]
    assert [reason.shortcut for reason in CATALOGUE.reasons] == list("1234567890")


def test_the_help_lines_are_those_of_the_starting_list_and_nobody_pretends_to_have_checked_them() -> None:
    numbers = [line.number for line in CATALOGUE.help_lines]
    assert numbers == [
        *("15", "17", "18", "112", "114", "3114", "3977", "3919", "119", "116 006", "0 892 705 705"),
    ]
    assert [line.number for line in CATALOGUE.help_lines if line.channel == "sms"] == ["114"]
    assert {(line.checked_by, line.checked_on) for line in CATALOGUE.help_lines} == {("", None)}


def test_there_is_a_guide_for_each_distress_each_with_its_own_record() -> None:
    guides = {guide.code: guide for guide in CATALOGUE.guides}
    assert set(guides) == {
        "danger",
        "scam-in-progress",
        "abuse-by-relative",
        "abuse-by-staff",
        "suicide",
        "medical",
    }
    assert len({guide.protected_record for guide in CATALOGUE.guides}) == len(guides)
    assert guides["abuse-by-staff"].hidden_from_staff_concerned
    assert guides["abuse-by-relative"].hidden_from_relatives
    assert "suicide" in guides["suicide"].help_lines
    reason_keys = {reason.shortcut for reason in CATALOGUE.reasons}
    assert not reason_keys & {guide.key for guide in CATALOGUE.guides}


@each_kind
def test_a_kind_is_worked_end_to_end(kind: Kind) -> None:
    assert len(kind.questions) >= 10
    assert len(kind.papers) >= 3
    assert len(kind.steps) >= 5
    assert kind.warnings
    assert kind.consequences
    assert kind.providers
    assert set(kind.outcomes) == set(Outcome)
    assert kind.source_url.startswith("https://")
    assert any(question.required for question in kind.questions)


@each_kind
def test_no_check_and_no_date_is_invented(kind: Kind) -> None:
    assert (kind.checked_by, kind.checked_on, kind.checked) == ("", None, False)
    if kind.seen_on is not None:
        written = (CONTENT / "kinds" / f"{kind.code}.toml").read_text("utf-8")
        assert "seen_on : date printed on the copy of the source that was read" in written
        assert kind.seen_on < date(2026, 11, 22)


@each_kind
def test_nobody_signs_for_a_person_nor_leaves_their_bank_card_on_a_site(kind: Kind) -> None:
    never = {Act.SIGN_FOR_PERSON, Act.CHANGE_BANK_DETAILS, Act.STORE_PAYMENT_MEANS}
    assert never <= set(kind.acts_forbidden)
    assert Act.PHONE in kind.acts_allowed


@each_kind
def test_health_requests_never_open_the_medical_record(kind: Kind) -> None:
    if kind.sensitivity is Sensitivity.HEALTH:
        assert Act.READ_HEALTH_RECORD in kind.acts_forbidden


def test_a_bank_card_is_blocked_at_once_whoever_calls_and_its_secrets_are_never_asked() -> None:
    kind = KINDS["bank-card-block"]
    assert kind.urgent
    assert kind.identity_level == 0
    assert kind.grade is Grade.SIMPLE
    assert Act.SIGN_IN in kind.acts_forbidden
    asked = " ".join(question.ask.lower() for question in kind.questions)
    for secret in ("quel est votre code", "numéro de la carte", "cryptogramme"):
        assert secret not in asked


def test_sentences_are_short() -> None:
    long = [one for text in ALL_TEXTS for one in sentences_of(text) if len(one.split()) > LONGEST_SENTENCE]
    assert long == []


def test_words_are_plain() -> None:
    assert [(word, text) for text in ALL_TEXTS for word in JARGON if word in text.lower()] == []
    capitals = {word for text in ALL_TEXTS for word in re.findall(r"\b[A-ZÉ]{2,}\b", text)}
    assert capitals <= KNOWN_CAPITALS


def test_spaces_and_apostrophes_are_french() -> None:
    for text in ALL_TEXTS:
        assert "'" not in text
        assert not re.search(r" [?!:;»]|« ", text), text


@each_kind
def test_the_three_sentences_read_well_whatever_is_chosen(kind: Kind) -> None:
    """Every answer of each pair of closed questions: no elision missed, no variable left, no word doubled."""
    closed = [
        question for question in kind.questions if question.kind in (QuestionKind.CHOICE, QuestionKind.YES_NO)
    ]
    free: dict[str, str | int] = {
        question.id: {QuestionKind.DATE: "2026-05-01", QuestionKind.TEXT_SHORT: "Foix"}.get(
            question.kind, 150
        )
        for question in kind.questions
        if question not in closed and question.kind is not QuestionKind.PERSON_FACT
    }
    for first, second in itertools.combinations_with_replacement(closed, 2):
        for one, two in itertools.product(first.accepted, second.accepted):
            first_answers = {question.id: question.accepted[0] for question in closed}
            answers = {**free, **first_answers, first.id: one, second.id: two}
            for sentence in read_back(kind, answers, "au plus tard mardi 3 mai à 18 h", person="Madame Roux"):
                assert not re.search(r"[{}]|\s\s| ,|, ,|\b(de|que|le|la|je|ne|se) [aeéèêiouh]", sentence), (
                    sentence
                )
                assert sentence.endswith(".")
                assert len(sentence.split()) <= LONGEST_SENTENCE + 10, sentence
