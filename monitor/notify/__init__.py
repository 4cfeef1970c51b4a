"""Tell them: rendering and sending."""
