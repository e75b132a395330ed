"""Typed settings, checked before anything connects. `load` reads `cx.yml` or a site's own file."""

from cxcore.config.loading import SettingsError, load
from cxcore.config.settings import ROOT, Enabled, Engine, Settings
from cxcore.config.values import Address, PortRange

__all__ = ["ROOT", "Address", "Enabled", "Engine", "PortRange", "Settings", "SettingsError", "load"]
