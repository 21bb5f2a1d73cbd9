"""Courriels through a mail server (RFC 5321): our Message-ID is their identity; nobody can be asked about it later."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from gruppetto.kernel.clock import now
from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing

# Permanent refusals that speak of the address itself (RFC 3463: 5.1.x), else of this message.
WRONG_ADDRESS = frozenset({550, 551, 553})


@dataclass
class MailServer:
    """``url``: ``smtp://user:password@host:587`` (STARTTLS), ``smtps://…``, ``smtp+plain://…`` on a closed network."""

    url: str = field(repr=False)
    sender: str
    name: str = ""
    timeout: float = 15.0
    remembers: bool = False

    def send(self, outgoing: Outgoing) -> str:
        """Hand one courriel over; its Message-ID. Raises ``NotNow``, ``Never``, ``Lost``."""
        try:
            line = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow from error
        try:
            self._envelope(line, outgoing.recipient)
            self._content(line, self._written(outgoing))
        finally:
            _hang_up(line)
        return outgoing.key

    def find(self, key: str) -> str | None:
        """A mail server does not tell: never called, see ``remembers``."""
        raise NotNow

    def _open(self) -> smtplib.SMTP:
        target = urlsplit(self.url)
        kind = smtplib.SMTP_SSL if target.scheme == "smtps" else smtplib.SMTP
        line = kind(target.hostname or "", target.port or 0, timeout=self.timeout)
        try:
            if target.scheme == "smtp":
                line.starttls()
            if target.username:
                line.login(unquote(target.username), unquote(target.password or ""))
            line.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line

    def _envelope(self, line: smtplib.SMTP, recipient: str) -> None:
        """Until the content begins, nothing is taken: whatever is cut here may be done again."""
        try:
            for code, words in (line.mail(self.sender), line.rcpt(recipient)):
                if code >= 500:
                    wrong = code in WRONG_ADDRESS and not words.startswith((b"5.7", b"5.2"))
                    raise Never("wrong-address" if wrong else "carrier-refused", wrong_address=wrong)
                if code >= 400:
                    raise NotNow
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow from error

    def _content(self, line: smtplib.SMTP, message: EmailMessage) -> None:
        """Once the content begins, only the server's answer says whether it has it."""
        try:
            code, _words = line.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            raise NotNow from error
        except (OSError, smtplib.SMTPException) as error:
            raise Lost from error
        if code >= 500:
            raise Never("carrier-refused")
        if code >= 400:
            raise NotNow

    def _written(self, outgoing: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"] = f'"{self.name}" <{self.sender}>' if self.name else self.sender
        message["To"] = outgoing.recipient
        message["Subject"] = outgoing.title
        message["Message-ID"] = outgoing.key
        message["Date"] = format_datetime(now())
        # No machine answers a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "fr"
        message.set_content(outgoing.text + "\n", cte="quoted-printable")
        return message


def _hang_up(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()
