"""The glue: load, ask the core, write. Synchronous, but for what waits on a network; no rules here."""
