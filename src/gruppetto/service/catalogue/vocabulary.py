"""The closed lists the catalogue is written with; codes are stable, French labels are for the screen."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Domain(TextChoices):
    """Domains of life; a mandate is given by domain (requirement G3)."""

    PUBLIC = "public", _("Services publics")
    PRIVATE = "private", _("Entreprises")
    HEALTH = "health", _("Santé")


class SubDomain(TextChoices):
    """Parts of a domain, as a person would sort their letters."""

    FAMILY_BENEFITS = "family-benefits", _("Aides et allocations")
    EMPLOYMENT = "employment", _("Emploi")
    TAX = "tax", _("Impôts")
    SCHOOL = "school", _("École")
    PENSION = "pension", _("Retraite")
    PAPERS = "papers", _("Papiers et permis")
    BANK = "bank", _("Banque")
    TRANSPORT = "transport", _("Transports")
    WATER = "water", _("Eau")
    ENERGY = "energy", _("Électricité et gaz")
    TELECOM = "telecom", _("Téléphone et internet")
    SHOPPING = "shopping", _("Achats")
    APPOINTMENTS = "appointments", _("Rendez-vous médicaux")
    HEALTH_ACCOUNT = "health-account", _("Assurance maladie")
    INSURANCE = "insurance", _("Mutuelle et assurance")


DOMAIN_OF = {
    **dict.fromkeys(
        (
            SubDomain.FAMILY_BENEFITS,
            SubDomain.EMPLOYMENT,
            SubDomain.TAX,
            SubDomain.SCHOOL,
            SubDomain.PENSION,
            SubDomain.PAPERS,
        ),
        Domain.PUBLIC,
    ),
    **dict.fromkeys(
        (
            SubDomain.BANK,
            SubDomain.TRANSPORT,
            SubDomain.WATER,
            SubDomain.ENERGY,
            SubDomain.TELECOM,
            SubDomain.SHOPPING,
        ),
        Domain.PRIVATE,
    ),
    **dict.fromkeys((SubDomain.APPOINTMENTS, SubDomain.HEALTH_ACCOUNT, SubDomain.INSURANCE), Domain.HEALTH),
}


class Grade(TextChoices):
    """Complexity; it sets the promised delay in business time."""

    SIMPLE = "simple", _("Simple")
    ORDINARY = "ordinary", _("Ordinaire")
    COMPLEX = "complex", _("Complexe")
    VERY_COMPLEX = "very_complex", _("Très complexe")

    @property
    def rank(self) -> int:
        """0 for the simplest; an answer may raise a grade, never lower it."""
        return list(Grade).index(self)


BUSINESS_DAYS = {Grade.SIMPLE: 1, Grade.ORDINARY: 3, Grade.COMPLEX: 10, Grade.VERY_COMPLEX: 20}
URGENT_BUSINESS_HOURS = 2


class PriceClass(TextChoices):
    """What an intervention of this kind counts for in the subscription."""

    INCLUDED = "A", _("A – comprise")
    ORDINARY = "B", _("B – ordinaire")
    COMPLEX = "C", _("C – complexe")
    VISIT = "D", _("D – avec visite")


class Sensitivity(TextChoices):
    """How carefully the request is shown and kept."""

    ORDINARY = "ordinary", _("Ordinaire")
    PRIVATE = "private", _("Privée")
    HEALTH = "health", _("Santé")
    MONEY = "money", _("Argent")
    MINOR_OR_PROTECTED = "minor_or_protected", _("Mineur ou majeur protégé")


class QuestionKind(TextChoices):
    """How a closed question is answered; ``script.check_answers`` says which value each takes."""

    YES_NO = "yes_no", _("Oui ou non")
    CHOICE = "choice", _("Un choix")
    DATE = "date", _("Une date")
    TEXT_SHORT = "text_short", _("Quelques mots")
    AMOUNT = "amount", _("Une somme")
    NUMBER = "number", _("Un nombre")
    PERSON_FACT = "person_fact", _("Un renseignement déjà au dossier")


class Field(TextChoices):
    """The part of the request that an answer fills."""

    WISH = "wish", _("Ce que la personne veut")
    SITUATION = "situation", _("Situation")
    PROVIDER = "provider", _("Organisme")
    REFERENCE = "reference", _("Référence")
    PLACE = "place", _("Lieu")
    WANTED_ON = "wanted_on", _("Date souhaitée")
    HAPPENED_ON = "happened_on", _("Date du fait")
    DUE_ON = "due_on", _("Date limite")
    AMOUNT = "amount", _("Somme")
    QUANTITY = "quantity", _("Nombre")
    URGENCY = "urgency", _("Urgence")
    CONSENT = "consent", _("Accord de la personne")
    CONTACT = "contact", _("Joindre la personne")
    DETAIL = "detail", _("Précision")


class PersonFact(TextChoices):
    """Facts of the person's record that a script confirms without reading them aloud."""

    ADDRESS = "address", _("Adresse")
    PHONE = "phone", _("Téléphone")
    BIRTH_DATE = "birth_date", _("Date de naissance")
    BANK_ACCOUNT = "bank_account", _("Compte bancaire")


class Act(TextChoices):
    """Acts on behalf; a kind allows some, forbids some, and the rest asks the supervisor."""

    PHONE = "phone", _("Téléphoner à l’organisme")
    SEND_LETTER = "send_letter", _("Envoyer une lettre")
    SEND_MESSAGE = "send_message", _("Envoyer un message")
    SIGN_IN = "sign_in", _("Se connecter à un compte")
    FILE_FORM = "file_form", _("Déposer une demande")
    FETCH_DOCUMENT = "fetch_document", _("Récupérer un document")
    BOOK = "book", _("Réserver ou prendre rendez-vous")
    BUY = "buy", _("Acheter")
    PAY = "pay", _("Payer")
    CANCEL = "cancel", _("Annuler ou résilier")
    SIGN_CONTRACT = "sign_contract", _("Accepter un contrat")
    SIGN_FOR_PERSON = "sign_for_person", _("Signer à la place de la personne")
    CHANGE_DETAILS = "change_details", _("Changer les coordonnées")
    CHANGE_BANK_DETAILS = "change_bank_details", _("Changer le compte bancaire")
    STORE_PAYMENT_MEANS = "store_payment_means", _("Laisser une carte bancaire sur un site")
    READ_HEALTH_RECORD = "read_health_record", _("Lire le dossier médical")
    FILE_COMPLAINT = "file_complaint", _("Porter plainte")


class Outcome(TextChoices):
    """How an intervention ends (glossary: outcome)."""

    DONE = "done", _("Fait")
    PARTLY = "partly", _("Fait en partie")
    IMPOSSIBLE = "impossible", _("Impossible")
    WITHDRAWN = "withdrawn", _("Demande retirée")
    REDIRECTED = "redirected", _("Orientée ailleurs")


class WarningAbout(TextChoices):
    """What a warning protects the person from."""

    SCAM = "scam", _("Arnaque")
    HEALTH = "health", _("Données de santé")
    URGENCY = "urgency", _("Urgence")
    MONEY = "money", _("Argent")
    RIGHTS = "rights", _("Droits")


class Doer(TextChoices):
    """Who does a step."""

    AGENT = "agent", _("Agent")
    CORRESPONDENT = "correspondent", _("Correspondant")
    PERSON = "person", _("Personne")
    PROVIDER = "provider", _("Organisme")


class LineChannel(TextChoices):
    """How a help line is reached."""

    CALL = "call", _("Appel")
    SMS = "sms", _("SMS")


class ProtectedRecord(TextChoices):
    """The record opened by a distress guide, kept apart from the person's ordinary story."""

    DANGER = "danger", _("Signalement de danger")
    SCAM = "scam", _("Signalement d’arnaque")
    ABUSE_RELATIVE = "abuse-relative", _("Maltraitance par un proche")
    ABUSE_STAFF = "abuse-staff", _("Maltraitance par un membre de l’équipe")
    SUICIDE = "suicide", _("Risque de suicide")
    MEDICAL = "medical", _("Urgence médicale")


# Answers that do not depend on the content.
YES, NO, UNKNOWN = "yes", "no", "unknown"
CONFIRMED, CHANGED = "confirmed", "changed"
