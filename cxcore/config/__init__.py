"""Typed settings, checked before anything connects. `load` reads `cx.yml` or a site's own file."""

from cxcore.config.loading import SettingsError, load
from cxcore.config.settings import PROMPT_TEXTS, ROOT, Enabled, Engine, MailSecurity, MessageSettings, Settings
from cxcore.config.values import Address, PortRange

__all__ = [
    "PROMPT_TEXTS", "ROOT", "Address", "Enabled", "Engine", "MailSecurity", "MessageSettings", "PortRange", "Settings",
    "SettingsError", "load",
]  # fmt: skip
