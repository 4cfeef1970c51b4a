"""How long fresh news takes from the newspaper's answer to the message, and how late the event loop is meanwhile."""
