"""The people of the tests: agents Anna and Bram, coach Chris, supervisor Sofie, administrator Aad, privacy officer
Fenna, and Karel without rights."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, Role
from tests.fakes.accounts import FakeAccounts

PASSWORD = "een-lang-wachtwoord"

ANNA = Account("anna", "Anna de Vries", Role.AGENT, AgentId("anna"))
BRAM = Account("bram", "Bram Jansen", Role.AGENT, AgentId("bram"))
CHRIS = Account("chris", "Chris Bakker", Role.COACH, AgentId("chris"))
SOFIE = Account("sofie", "Sofie Mulder", Role.SUPERVISOR)
AAD = Account("aad", "Aad Dekker", Role.ADMINISTRATOR)
FENNA = Account("fenna", "Fenna Postma", Role.PRIVACY_OFFICER)
KAREL = Account("karel", "Karel Smit", Role.AGENT)
"""An agent who serves no queue: the account exists, the desk does not."""

CAST = (ANNA, BRAM, CHRIS, SOFIE, AAD, FENNA, KAREL)


def cast_accounts() -> FakeAccounts:
    """Accounts for everybody, all with the same password."""
    accounts = FakeAccounts()
    for account in CAST:
        accounts.create(account, PASSWORD)
    return accounts
