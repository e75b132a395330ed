"""The agent's desk: one page, and the contacts that the agent handled today."""
