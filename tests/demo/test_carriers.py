"""The demo's stand-ins take what our own gateways send them, in the real formats."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gruppetto.demo.carriers import PRINTER, carriers
from gruppetto.gateways.letters.folder import Folder
from gruppetto.gateways.mail.server import MailServer
from gruppetto.gateways.sms.carrier import SmsCarrier
from gruppetto.gateways.voice.provider import Voice
from gruppetto.service.messages.ports import Outgoing, Printed


def test_each_carrier_takes_what_we_send(tmp_path: Path) -> None:
    letters = Folder(tmp_path / PRINTER)
    key = hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert letters.hand_over("lot", letters.keep("lot", [Printed(key, b"%PDF-1.7")]))
    with carriers(tmp_path, "http://127.0.0.1:9") as found:
        sms = SmsCarrier(found["GRUPPETTO_SMS_URL"], found["GRUPPETTO_SMS_TOKEN"], "Gruppetto")
        assert sms.send(Outgoing("one", "+33639980001", "Bonjour")) == sms.find("one")
        mail = MailServer(found["GRUPPETTO_SMTP_URL"], found["GRUPPETTO_MAIL_FROM"])
        assert (
            mail.send(Outgoing("<two@x.test>", "jeanne@example.test", "Bonjour", "Objet")) == "<two@x.test>"
        )
        voice = Voice(found["GRUPPETTO_VOICE_URL"], found["GRUPPETTO_VOICE_SECRET"])
        assert voice.send(Outgoing("three", "+33561000001", "", said=["un", "deux"])) == voice.find("three")
        assert found["GRUPPETTO_SMS_CALLBACK"] == "http://127.0.0.1:9/hooks/sms/"
        assert found["GRUPPETTO_LETTERS_FOLDER"] == str(letters.place)
    # Left before the demo began, printed by it.
    assert [told.about for _path, answers in letters.answers() for told in answers] == [key]
