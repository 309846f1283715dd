"""The database's own structure: pages, indices, constraints (SQLite; PostgreSQL has pg_amcheck for it)."""

from collections.abc import Iterator

from sqlalchemy import text

from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene


def check(scene: Scene) -> Iterator[Finding]:
    """What SQLite says of its file; with `quick` without comparing indices with tables."""
    if scene.database.engine.dialect.name != "sqlite":
        return
    pragma = "PRAGMA quick_check(20)" if scene.quick else "PRAGMA integrity_check(20)"
    for line in scene.session.scalars(text(pragma)):
        if line != "ok":
            mend = "stop the node, copy the file away, restore a backup or rebuild; then look at the disk"
            yield Finding("database.damaged", "database", str(line), mend)
