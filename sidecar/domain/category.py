"""What kind of text it is, which decides its hours, its consent and its caps."""

from enum import StrEnum


class Category(StrEnum):
    TRANSACTIONAL = "transactional"
    MARKETING = "marketing"
    STAFF = "staff"
    CODE = "code"
    TEST = "test"
