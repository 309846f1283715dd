"""Alembic's entry point; the connection comes from anchors.database.migration."""

from alembic import context

from anchors.database.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
