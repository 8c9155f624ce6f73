"""Where a citizen's reply window stands, and officers' photos that are compared with earlier ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WINDOW = "window_at is not null"
_UNCOMPARED = "proof and compared_at is null and state <> 'wanted'"
_COMPARED = "proof and compared_at is not null"
_SAYS_NOTHING = "'edit', 'revoke', 'reaction', 'receipt', 'membership', 'system'"


def upgrade() -> None:
    op.add_column("address", sa.Column("wrote_at", UtcDateTime(), nullable=True))
    for name in ("window_at", "window_told_at"):
        op.add_column("ticket", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("media", sa.Column("proof", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("media", sa.Column("compared_at", UtcDateTime(), nullable=True))
    for name in ("same", "picture"):
        op.add_column("media", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    _index("ticket_window", "ticket", "window_at", _WINDOW)
    _index("media_uncompared", "media", "id", _UNCOMPARED)
    for name, column in (("media_proof", "id"), ("media_picture", "picture"), ("media_same", "same")):
        _index(name, "media", column, _COMPARED)
    # WhatsApp alone has a window; the first sweep looks at its open tickets and brings their cards up to date.
    op.execute(
        "update address set wrote_at = (select max(inbound.at) from inbound where inbound.channel = address.channel"  # noqa: S608  constants
        f" and inbound.chat = address.external_id and inbound.kind not in ({_SAYS_NOTHING})) where channel = 'whatsapp'"
    )
    op.execute(
        "update ticket set window_at = updated_at where channel = 'whatsapp' and status not in ('closed', 'rejected')"
    )


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
