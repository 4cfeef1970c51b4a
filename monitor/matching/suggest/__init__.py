"""What nobody watches yet."""
