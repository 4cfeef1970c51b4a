"""A swarm of hostile feeds, and what it costs the others."""
