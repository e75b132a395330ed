"""`cx run`: starts the switch, the SBC, the core and the web as children, keeps them running, and stops them again."""

from cxcore.launch.running import run

__all__ = ["run"]
