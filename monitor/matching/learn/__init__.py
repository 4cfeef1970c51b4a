"""What to change in a watch so that it agrees with what people marked right and wrong."""
