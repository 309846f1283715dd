"""What all tables share: the base class, names of constraints, and the column types."""

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TIME = BigInteger()
DIGEST = LargeBinary(32)
IDENTIFIER = String(32)
STATE = String(16)


class Base(DeclarativeBase):
    """The base of all tables; constraints have names, so that a migration can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
