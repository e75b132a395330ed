"""A web that gevent has patched, as a process of its own: gives a command and prints what it then sees, as JSON.

`python -m tests.system.link_web FOLDER`
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from cxcore.client.controller import ControllerClient  # noqa: E402
from cxcore.domain.agent import AgentId  # noqa: E402
from cxcore.domain.commands import GoOnBreak  # noqa: E402
from cxcore.feed.link import LinkSettings  # noqa: E402
from cxcore.ports.controller import Change  # noqa: E402
from tests.system.link_stage import becomes_true  # noqa: E402

if __name__ == "__main__":
    client = ControllerClient(LinkSettings.in_folder(Path(sys.argv[1])))
    client.start()
    pictured = client.wait_for_picture(5.0)
    heard: list[Change] = []
    client.subscribe(heard.append)
    client.submit(GoOnBreak("agent-0", AgentId("agent-0"), "Lunch"))
    becomes_true(lambda: bool(heard))
    seen = {"pictured": pictured, "agents": len(client.picture().rows), "heard": [change.key for change in heard]}
    sys.stdout.write(json.dumps(seen) + "\n")
    client.stop()
