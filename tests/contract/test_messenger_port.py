"""What every messaging service does: one in memory, and the adapter of WhatsApp against an API that is acted out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxcore.alerting.whatsapp import CloudMessenger
from cxcore.ports.messenger import REENGAGEMENT, MessageRefused, Messenger, MessengerAway
from tests.fakes.messenger import TOKEN, CloudApi, FakeMessenger, Sent, cloud_api

VIA, KAREL = "106540352242922", "+31612345678"


@dataclass(frozen=True)
class Service:
    """A messenger, and how the test makes its service behave."""

    messenger: Messenger
    sent: list[Sent]
    be_away: Callable[[], None]
    refuse: Callable[[str], None]


@pytest.fixture(params=["fake", "whatsapp"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    if request.param == "fake":
        fake = FakeMessenger()
        away, refuse = lambda: setattr(fake, "away", True), lambda code: setattr(fake, "refuses", code)
        yield Service(fake, fake.sent, away, refuse)
        return
    with cloud_api() as api:
        messenger = CloudMessenger(api.url, token_file(tmp_path))
        yield Service(
            messenger, api.sent, lambda: api.answers.append((503, 131016)), lambda c: api.answers.append((400, int(c)))
        )


def token_file(folder: Path, token: str = TOKEN) -> Path:
    file = folder / "token"
    file.write_text(f"{token}\n", encoding="ascii")
    return file


@pytest.fixture
def api() -> Iterator[CloudApi]:
    with cloud_api() as api:
        yield api


def test_service_has_the_text_once_it_is_sent(service: Service) -> None:
    service.messenger.send(VIA, KAREL, "Vanaf half negen. 🙂\nTot dan!", "c1/2")
    assert service.sent == [Sent(VIA, KAREL, "Vanaf half negen. 🙂\nTot dan!", "c1/2")]


def test_who_hides_the_phone_number_is_reached_by_the_user_id(service: Service) -> None:
    service.messenger.send(VIA, "NL.13491208655302741918", "Dag!", "c1/2")
    assert [each.to for each in service.sent] == ["NL.13491208655302741918"]


def test_service_that_is_away_has_nothing_and_names_nobody(service: Service) -> None:
    service.be_away()
    with pytest.raises(MessengerAway) as away:
        service.messenger.send(VIA, KAREL, "geheim", "c1/2")
    assert service.sent == []
    assert "612345678" not in str(away.value)
    assert "geheim" not in str(away.value)


def test_refusal_is_told_by_its_code(service: Service) -> None:
    service.refuse(REENGAGEMENT)
    with pytest.raises(MessageRefused) as refused:
        service.messenger.send(VIA, KAREL, "Bent u er nog?", "c1/2")
    assert str(refused.value) == "131047"
    assert service.sent == []


# --- Of WhatsApp alone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, 130429), (400, 130429), (400, 131056), (500, None), (503, 2), (401, 190), (302, None), (403, 200),
        (403, 368), (400, 131057),
    ],
)
def test_limits_outages_and_a_token_that_an_operator_renews_pass(
    api: CloudApi, tmp_path: Path, status: int, code: int | None
) -> None:
    messenger = CloudMessenger(api.url, token_file(tmp_path))
    api.answers.append((status, code))
    with pytest.raises(MessengerAway, match=str(status)):
        messenger.send(VIA, KAREL, "Zeker.", "c1/2")
    assert api.asked == 1
    messenger.send(VIA, KAREL, "Zeker.", "c1/2")
    assert len(api.sent) == 1


def test_new_token_counts_at_once(api: CloudApi, tmp_path: Path) -> None:
    messenger = CloudMessenger(api.url, token_file(tmp_path, "an-old-one"))
    with pytest.raises(MessengerAway, match="190"):
        messenger.send(VIA, KAREL, "Zeker.", "c1/2")
    token_file(tmp_path)
    messenger.send(VIA, KAREL, "Zeker.", "c1/2")
    assert api.authorised == ["Bearer an-old-one", f"Bearer {TOKEN}"]


def test_address_where_nobody_listens_and_a_token_that_is_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(MessengerAway, match="does not answer"):
        CloudMessenger("http://127.0.0.1:1/v26.0", token_file(tmp_path)).send(VIA, KAREL, "Zeker.", "c1/2")
    with pytest.raises(MessengerAway, match="cannot be read"):
        CloudMessenger("http://127.0.0.1:1/v26.0", tmp_path / "none").send(VIA, KAREL, "Zeker.", "c1/2")
