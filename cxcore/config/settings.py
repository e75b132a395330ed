"""What can be set, section by section, each with its default. `cx.yml` shows the same with comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cxcore.config import values
from cxcore.config.values import Address, PortRange

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds cxcore; default paths count from here."""

PROMPT_TEXTS = ROOT / "prompts/nl"
"""What the prompts say, and recordings that take the place of a spoken text."""


class Engine(StrEnum):
    """The programs that can be the switch."""

    SOFTSWITCH = "softswitch"
    FREESWITCH = "freeswitch"


class Enabled(StrEnum):
    """Whether an optional part runs; `auto` means: when its program is installed."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


class MailSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _setting(read: values.Read, default: Any) -> Any:
    """A field with its default and the function that reads it from YAML."""
    return field(default=default, metadata={"read": read})


def _section(kind: Callable[[], Any]) -> Any:
    return field(default_factory=kind, metadata={"section": kind})


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Which site this is and where its files are."""

    dialplan: Path = _setting(values.path, ROOT / "dialplans/noordwijk.yml")
    prompts: Path = _setting(values.path, ROOT / "var/prompts/nl")
    state: Path = _setting(values.path, ROOT / "var")


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """The switch: how the core reaches it, where it listens, what callers hear when nobody takes the call."""

    engine: Engine = _setting(values.choice(Engine), Engine.SOFTSWITCH)
    host: str = _setting(values.host, "127.0.0.1")
    port: int = _setting(values.port, 8021)
    password_file: Path | None = _setting(values.optional_path, None)
    sip_addresses: tuple[Address, ...] = _setting(
        values.addresses, (Address("127.0.0.1", 5080), Address("::1", 5080))
    )
    rtp_ports: PortRange = _setting(values.port_range, PortRange(20000, 29998))
    profile: str = _setting(values.name, "cx")
    gateway: str = _setting(values.name, "trunk")
    trunk: Address = _setting(values.address, Address("127.0.0.1", 5060))
    codecs: tuple[str, ...] = _setting(values.codecs(("G722", "PCMA", "PCMU")), ("G722", "PCMA", "PCMU"))
    hold_music: str = _setting(values.name, "wachtmuziek")
    hold_music_directory: Path = _setting(values.path, ROOT / "var/prompts/music/wachtmuziek")
    fallback_prompt: str = _setting(values.name, "storing")
    overflow_number: str = _setting(values.phone_number, "")
    controller_timeout_seconds: int = _setting(values.whole(1, 60), 4)
    media_timeout_seconds: int = _setting(values.whole(0, 3600), 60)
    media_hold_timeout_seconds: int = _setting(values.whole(0, 86400), 1800)


@dataclass(frozen=True, slots=True)
class FreeSwitchSettings:
    """FreeSWITCH's own places, for `switch.engine: freeswitch`. Without `modules` its built-in folder counts."""

    binary: str = _setting(values.text, "freeswitch")
    configuration: Path = _setting(values.path, ROOT / "freeswitch/conf")
    modules: Path | None = _setting(values.optional_path, None)


@dataclass(frozen=True, slots=True)
class RtpengineSettings:
    """rtpengine, which relays the sound of softphones in browsers. Without `addresses` those of the SBC count."""

    control: Address = _setting(values.address, Address("127.0.0.1", 22222))
    addresses: tuple[str, ...] = _setting(values.hosts_or_none, ())
    rtp_ports: PortRange = _setting(values.port_range, PortRange(30000, 39998))


@dataclass(frozen=True, slots=True)
class TrunkSettings:
    """The trunk of a provider: what a site has been given. What the provider's trunks want stands in `profile`."""

    addresses: tuple[Address, ...] = _setting(values.addresses_or_none, ())
    profile: Path = _setting(values.path, ROOT / "sbc/profiles/sipconnect.yml")
    user: str = _setting(values.account, "")
    password_file: Path | None = _setting(values.optional_path, None)
    own_numbers: tuple[str, ...] = _setting(values.own_numbers, ())
    shown_number: str = _setting(values.phone_number, "")
    emergency_number: str = _setting(values.phone_number, "")


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """Teams by Direct Routing. `name` is ours in the tenant; without it there is no Teams.

    The networks are Microsoft's (direct-routing-plan); two pages of theirs differ, so both are allowed.
    """

    name: str = _setting(values.host_or_none, "")
    networks: tuple[str, ...] = _setting(values.networks, ("52.112.0.0/14", "52.120.0.0/14", "52.122.0.0/15"))
    authorities: Path = _setting(values.path, Path("/etc/ssl/certs/ca-certificates.crt"))


@dataclass(frozen=True, slots=True)
class SbcSettings:
    """Kamailio, where calls come in. Port 0 switches a transport off.

    `page_addresses` are the pages from which a browser may open a WebSocket, `websocket_url` is where it does; both
    follow from `web` and the ports when they are empty.
    """

    enabled: Enabled = _setting(values.choice(Enabled), Enabled.AUTO)
    hosts: tuple[str, ...] = _setting(values.hosts, ("127.0.0.1", "::1"))
    port: int = _setting(values.port_or_off, 5060)
    tls_port: int = _setting(values.port_or_off, 5061)
    websocket_port: int = _setting(values.port_or_off, 5066)
    allowed_networks: tuple[str, ...] = _setting(values.networks, ("127.0.0.0/8", "::1/128"))
    requests_per_second: int = _setting(values.whole(1, 100_000), 2000)
    homer: Address | None = _setting(values.address_or_none, None)
    softphones: Enabled = _setting(values.choice(Enabled), Enabled.AUTO)
    page_addresses: tuple[str, ...] = _setting(values.page_addresses, ())
    websocket_url: str = _setting(values.websocket_url, "")
    rtpengine: RtpengineSettings = _section(RtpengineSettings)
    trunk: TrunkSettings = _section(TrunkSettings)
    teams: TeamsSettings = _section(TeamsSettings)


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where facts are kept: an SQLAlchemy URL; empty means SQLite in `STATE/cx.db`."""

    url: str = _setting(values.database_url, "")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the pages are served; with a certificate and its key over HTTPS."""

    host: str = _setting(values.host, "127.0.0.1")
    port: int = _setting(values.port, 8080)
    certificate: Path | None = _setting(values.optional_path, None)
    key: Path | None = _setting(values.optional_path, None)


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Between core and web: ZeroMQ endpoints; empty means a local socket in `STATE/run`."""

    changes: str = _setting(values.endpoint, "")
    commands: str = _setting(values.endpoint, "")


@dataclass(frozen=True, slots=True)
class VoicemailSettings:
    """How long voice messages are kept after they were spoken; 0: for ever. One that nobody heard yet stays."""

    keep_days: int = _setting(values.whole(0, 730), 90)


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How many days the text of chats is kept after they began, and how many chats one address may begin in ten
    minutes."""

    keep_days: int = _setting(values.whole(1, 730), 90)
    starts: int = _setting(values.whole(1, 1000), 10)


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """WhatsApp as a second way to chats: Meta's Cloud API. All three files, or none: then there is no WhatsApp.

    They hold the access token of a system user, the secret of the app, and a word of our own by which Meta proves that
    it was told our address. `api` is the address with the version.
    """

    token_file: Path | None = _setting(values.optional_path, None)
    app_secret_file: Path | None = _setting(values.optional_path, None)
    verify_token_file: Path | None = _setting(values.optional_path, None)
    api: str = _setting(values.web_address, "https://graph.facebook.com/v26.0")


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How many whole months before the present one contacts are kept, at least 13 [67], and who called within them."""

    report_months: int = _setting(values.whole(13, 120), 13)
    person_months: int = _setting(values.whole(1, 120), 13)


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Messages that administrators make: what is taken, and the voice that speaks a text.

    The voice is the service at `speech_url` when that is set, else Piper when `piper_model` is set, else espeak-ng.
    """

    largest_megabytes: int = _setting(values.whole(1, 500), 20)
    longest_seconds: int = _setting(values.whole(5, 3600), 300)
    keep_unused_days: int = _setting(values.whole(1, 3650), 30)
    """How long a sound is kept that was recorded, uploaded or spoken and then became no version."""
    piper: str = _setting(values.text, "piper")
    piper_model: Path | None = _setting(values.optional_path, None)
    speech_url: str = _setting(values.web_address, "")


@dataclass(frozen=True, slots=True)
class ServiceNumberSettings:
    """After how many wrong PINs a user's code is locked, and for how long. The number stands in the dialplan."""

    pin_attempts: int = _setting(values.whole(3, 20), 5)
    locked_minutes: int = _setting(values.whole(1, 1440), 15)


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told of alarms and reported faults beside the screens. Without a server nobody is mailed, without a URL
    nothing is posted."""

    smtp_server: str = _setting(values.server, "")
    smtp_security: MailSecurity = _setting(values.choice(MailSecurity), MailSecurity.STARTTLS)
    smtp_user: str = _setting(values.optional_text, "")
    smtp_password_file: Path | None = _setting(values.optional_path, None)
    sender: str = _setting(values.mail_address, "")
    webhook_url: str = _setting(values.web_address, "")
    webhook_secret_file: Path | None = _setting(values.optional_path, None)
    give_up_hours: int = _setting(values.whole(1, 720), 24)
    fault_mail: tuple[str, ...] = _setting(values.mail_addresses, ())


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How much is logged."""

    level: str = _setting(values.log_level, "info")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `file` is where they were read, `lines` tells which line set which key."""

    site: SiteSettings = _section(SiteSettings)
    switch: SwitchSettings = _section(SwitchSettings)
    freeswitch: FreeSwitchSettings = _section(FreeSwitchSettings)
    sbc: SbcSettings = _section(SbcSettings)
    database: DatabaseSettings = _section(DatabaseSettings)
    web: WebSettings = _section(WebSettings)
    link: LinkSettings = _section(LinkSettings)
    voicemail: VoicemailSettings = _section(VoicemailSettings)
    chats: ChatSettings = _section(ChatSettings)
    whatsapp: WhatsAppSettings = _section(WhatsAppSettings)
    retention: RetentionSettings = _section(RetentionSettings)
    messages: MessageSettings = _section(MessageSettings)
    service_number: ServiceNumberSettings = _section(ServiceNumberSettings)
    alerts: AlertSettings = _section(AlertSettings)
    log: LogSettings = _section(LogSettings)
    file: Path = field(default=ROOT / "cx.yml", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def secrets_directory(self) -> Path:
        """Passwords and keys, made at the first start, readable by their owner only."""
        return self.site.state / "secrets"

    @property
    def run_directory(self) -> Path:
        """Sockets and what is generated at each start."""
        return self.site.state / "run"

    @property
    def log_directory(self) -> Path:
        """One log file per child of `cx run`."""
        return self.site.state / "log"

    @property
    def recordings_directory(self) -> Path:
        """Recorded calls."""
        return self.site.state / "recordings"

    @property
    def voice_messages_directory(self) -> Path:
        """What callers spoke; the switch writes and plays it, so both must reach it under this path."""
        return self.site.state / "voice-messages"

    @property
    def messages_directory(self) -> Path:
        """The sounds of messages that administrators made."""
        return self.site.state / "messages"

    @property
    def incoming_recordings_directory(self) -> Path:
        """Calls as the switch records them, until they are encrypted."""
        return self.recordings_directory / "incoming"

    @property
    def kept_recordings_directory(self) -> Path:
        """Recorded calls, encrypted."""
        return self.recordings_directory / "kept"

    @property
    def recording_keys_directory(self) -> Path:
        """The keys that recordings are encrypted under."""
        return self.secrets_directory / "recordings"

    @property
    def chat_keys_directory(self) -> Path:
        """The keys that the text of chats is encrypted under, one for each."""
        return self.recording_keys_directory / "chats"

    @property
    def whatsapp_fault(self) -> str:
        """What is wrong with the three files of WhatsApp; empty when nothing is, and where there is none."""
        given = {name: getattr(self.whatsapp, name) for name in ("token_file", "app_secret_file", "verify_token_file")}
        if not any(given.values()):
            return ""
        for name, file in given.items():
            if file is None:
                return f"{name}: WhatsApp needs all three files; this one is not set"
            if not (file.is_file() and file.read_bytes().strip()):
                return f"{name}: {file} is not there or empty"
        return ""

    @property
    def fallback_sound(self) -> Path:
        """What callers hear whom no controller takes."""
        return self.site.prompts / f"{self.switch.fallback_prompt}.wav"

    @property
    def event_socket_password_file(self) -> Path:
        """Holds the password of the switch's event socket."""
        return self.switch.password_file or self.secrets_directory / "event-socket"

    @property
    def web_session_key_file(self) -> Path:
        """Holds the key that signs the browsers' session cookies."""
        return self.secrets_directory / "web-session"

    @property
    def softphone_secret_file(self) -> Path:
        """Holds the secret by which the pages make credentials for softphones and the SBC checks them."""
        return self.secrets_directory / "softphone"

    @property
    def webhook_secret_file(self) -> Path:
        """Holds the secret that webhooks are signed with."""
        return self.alerts.webhook_secret_file or self.secrets_directory / "alarm-webhook"

    @property
    def marker_secret_file(self) -> Path:
        """Holds the secret of the system that pauses recordings, where there is one."""
        return self.secrets_directory / "recording-marker"

    @property
    def page_addresses(self) -> tuple[str, ...]:
        """Where browsers may have the pages from, as they write it in `Origin` (RFC 6454)."""
        if self.sbc.page_addresses:
            return self.sbc.page_addresses
        scheme = "https" if self.web.certificate else "http"
        names = {str(Address(self.web.host, self.web.port)): None, str(Address("localhost", self.web.port)): None}
        return tuple(f"{scheme}://{name}" for name in names)

    @property
    def websocket_url(self) -> str:
        """Where softphones register. A page that came over HTTPS may open nothing but `wss:`."""
        if self.sbc.websocket_url:
            return self.sbc.websocket_url
        secure = self.web.certificate is not None
        port = self.sbc.tls_port if secure else self.sbc.websocket_port
        return f"{'wss' if secure else 'ws'}://{Address(self.sbc.hosts[0], port)}"

    @property
    def first_passwords_file(self) -> Path:
        """Passwords of accounts made at the first start, `USER PASSWORD` per line, until `cx run` has shown them."""
        return self.secrets_directory / "first-passwords"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database.url or f"sqlite:///{self.site.state / 'cx.db'}"

    @property
    def changes_endpoint(self) -> str:
        """Where the core publishes the live picture and its changes."""
        return self.link.changes or f"ipc://{self.run_directory / 'changes'}"

    @property
    def commands_endpoint(self) -> str:
        """Where the core takes commands of the pages."""
        return self.link.commands or f"ipc://{self.run_directory / 'commands'}"

    @property
    def web_url(self) -> str:
        """The pages' address, for people."""
        scheme = "https" if self.web.certificate else "http"
        return f"{scheme}://{Address(self.web.host, self.web.port)}/"

    def place(self, key: str) -> str:
        """Where a person changes `key`, for messages: `cx.yml:12, web.port`."""
        line = self.lines.get(key)
        return f"{self.file}:{line}, {key}" if line else f"{key} (not set in {self.file}, so its default counts)"
