"""Texts that a provider keeps itself and is told only the values of."""

from collections.abc import Iterable

from sidecar.catalog import templates
from sidecar.catalog.compose import ComposedText
from sidecar.catalog.context import Context
from sidecar.catalog.languages import language_for
from sidecar.catalog.placeholders import PLACEHOLDERS
from sidecar.catalog.templates import Template

SENDER, CONTACT = "sender", "contact"
NAMES = (*PLACEHOLDERS, SENDER, CONTACT)
"""What can fill a provider's template: all that a text may say, and what stands around every text."""


def is_built_in(template: Template) -> bool:
    return templates.catalogue().get((template.key, template.locale)) == template


def values_for(
    names: Iterable[str], template: Template, composed: ComposedText, context: Context, sender: str, contact: str
) -> dict[str, str]:
    """What each of these placeholders is filled with: where our own text has it, the same as there."""
    language = language_for(template.locale)
    put_in = {SENDER: sender, CONTACT: contact, **dict(composed.parameters)}
    return {name: put_in[name] if name in put_in else PLACEHOLDERS[name].render(context, language) for name in names}
