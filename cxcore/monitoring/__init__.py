"""Health, availability and metrics."""
