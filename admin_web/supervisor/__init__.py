"""The supervisor's desk: queues, agents, contacts and the health of the system."""
