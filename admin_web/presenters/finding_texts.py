def in_dutch(text: str) -> str | None:
    return None
