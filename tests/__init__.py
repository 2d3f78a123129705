"""The tests: sentences about the world."""
