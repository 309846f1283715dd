"""What the node remembers: SQLAlchemy models, transactions, migrations."""

from anchors.database.database import Database
from anchors.database.migration import downgrade, upgrade
from anchors.database.state import State, TransactionState

__all__ = ["Database", "State", "TransactionState", "downgrade", "upgrade"]
