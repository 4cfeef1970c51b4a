"""Commands and conversations in Telegram."""
