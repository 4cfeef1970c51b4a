"""How long pages of the web take, and how soon open ones are told."""
