"""The inbox greenlet, timers and supervision: the only scheduler."""
