"""Names and texts of others, as they may be printed."""


def printable(text: str) -> str:
    """A name as it may be printed: whatever is no visible character is escaped."""
    safe = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in safe)
