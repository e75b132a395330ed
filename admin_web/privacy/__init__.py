"""What is kept of a person: shown for who asks for access, and erased (GDPR 15 and 17)."""
