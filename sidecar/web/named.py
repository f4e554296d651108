"""What an address may name."""

from flask import Flask
from werkzeug.routing import UnicodeConverter

NOTHING = "?"
"""What nothing is called: looked up like any other name, and not found."""


class Name(UnicodeConverter):
    """Nothing of ours has a name with other signs than those of ASCII that can be seen, and not every database takes
    them."""

    def to_python(self, value: str) -> str:
        return value if value.isascii() and value.isprintable() else NOTHING


def install(app: Flask) -> None:
    """Before any route."""
    app.url_map.converters["default"] = Name
