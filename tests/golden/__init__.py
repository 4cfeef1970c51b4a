"""What the program made of fixed input at one commit, kept so that moves and renames can be shown to change nothing."""
