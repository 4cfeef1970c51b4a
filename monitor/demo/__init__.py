"""A loopback newsroom that shows the whole pipeline without a token or a network."""
