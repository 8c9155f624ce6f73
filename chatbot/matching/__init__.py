"""The FAQ: its files, its spelling, and which entry a question is about. Pure: services read the files."""
