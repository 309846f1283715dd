"""Bring a database to the layout that this code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from anchors.database.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply every migration up to `revision`, in one transaction. Raises what Database.write raises.

    Processes that start at once wait for the first; the others then find it done.
    """
    with database.change_layout() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take migrations back down to `revision`; data in dropped tables is lost."""
    with database.change_layout() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
