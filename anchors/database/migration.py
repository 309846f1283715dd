"""Bring a database to the layout that this code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from anchors.database.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply every migration up to `revision`, in one transaction. Raises what Database.write raises."""
    with database.write() as session:
        command.upgrade(_config(session.connection()), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take migrations back down to `revision`; data in dropped tables is lost."""
    with database.write() as session:
        command.downgrade(_config(session.connection()), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
