"""Asks servers, politely and within limits; knows no news."""
