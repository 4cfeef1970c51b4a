"""What did they publish? Fetching, parsing, dates, identity, rhythm."""
