"""Who may come in, and what may be done then."""
