"""Tokens by which a browser gets in: made of chance, known to rows by their hashes alone.

Decides nothing of who gets one, and what it lets see.
"""

import hashlib
import secrets

MOST_TOKEN = 100  # characters of a token of ours; a longer one is none


def new_token() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What rows know of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
