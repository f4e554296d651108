"""What all tables share: the metadata, the widths, and how states are compared."""

from sqlalchemy import BindParameter, Index, MetaData, bindparam, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Widths of what strangers fill: clipped on the way in, since PostgreSQL refuses what is longer.
OUR_ID = 40
NUMBER = 20
WORD = 60
PROVIDER_ID = 120
CURRENCY = 8
DOMAIN = 120
CHANNEL = 12


def fitting(text: str, width: int) -> str:
    """What strangers wrote, as PostgreSQL takes it: it knows no NUL."""
    return text.replace("\0", "")[:width]


def literally(value: str) -> BindParameter[str]:
    """A state written into the statement: a planner cannot see that a partial index serves a bound parameter."""
    return bindparam(None, str(value), literal_execute=True)


def partial(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
