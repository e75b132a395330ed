"""Faults that users report from any page, and the list of them for administrators [89]."""
