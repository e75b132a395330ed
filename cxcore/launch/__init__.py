"""`cx run`: starts the switch, the SBC, the core and the web as children, keeps them running, and stops them again.

`check` says what is wrong with the site; `run` does so too before it starts anything.
"""

from cxcore.launch.running import check, check_dialplans, run

__all__ = ["check", "check_dialplans", "run"]
