"""The controller: decides what happens to every contact. Read bootstrap first."""
