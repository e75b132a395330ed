"""Live picture (snapshot) and ordered changes, for screens."""
