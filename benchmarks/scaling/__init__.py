"""What several processes bring, where their limits lie, and how much is needed for how much."""
