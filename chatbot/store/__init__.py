"""The only place with SQL: tables, the unit of work, the queues, the writer thread, migrations."""
