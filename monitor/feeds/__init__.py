"""What did they publish? Polling, parsing, dates, identity, rhythm."""
