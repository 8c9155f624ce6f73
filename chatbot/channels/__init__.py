"""The outside platforms: one file is one channel."""
