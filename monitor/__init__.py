"""A news monitor for the Vietnamese press: feeds in, alerts about watched leaders and events out."""

__version__ = "0.1.0"
