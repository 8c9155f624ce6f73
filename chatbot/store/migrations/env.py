"""How Alembic reaches the database: always through the connection that ``store.schema`` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from chatbot.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    user_module_prefix=f"{tables.__name__}.",
)
with context.begin_transaction():
    context.run_migrations()
