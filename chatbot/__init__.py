"""Tanggap: the chat desk of an Indonesian regional police account."""
