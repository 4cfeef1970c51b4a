"""Commands and conversations: updates in, store calls out. Alerts are not sent here (deliver.py does that)."""
