"""The text of a file that somebody edits: as it is written, and by what it is known again. Reads no file."""

import hashlib


def as_written(text: str) -> str:
    """A text that was typed, as a file holds it: with Unix ends of lines, behind the last one too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def content_hash(text: str) -> str:
    """By what an editor knows the text that they began with."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
