"""A message on its way out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ProviderTemplate:
    """A text that the provider has approved and knows by its own `code` and `language`: it is sent by these and
    by its `parameters` (name and filled value, in the order of the provider's template)."""

    code: str
    language: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "ProviderTemplate":
        return cls(told["code"], told["language"], tuple((name, value) for name, value in told["parameters"]))

    def as_json(self) -> dict[str, Any]:
        parameters = [list(parameter) for parameter in self.parameters]
        return {"code": self.code, "language": self.language, "parameters": parameters}


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: its whole text and, by kind of provider, the template that says the same."""

    text: str
    templates: Mapping[str, ProviderTemplate] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, templates: Mapping[str, Any] | None) -> "Words":
        return cls(text, {kind: ProviderTemplate.read(told) for kind, told in (templates or {}).items()})

    @classmethod
    def unsealed(cls, opened: str) -> "Words":
        told = json.loads(opened)
        return cls.read(told["text"], told["templates"])

    def to_seal(self) -> str:
        return json.dumps({"text": self.text, "templates": self.templates_as_json()}, ensure_ascii=False)

    def templates_as_json(self) -> dict[str, Any] | None:
        return {kind: template.as_json() for kind, template in self.templates.items()} or None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """All that a provider may know of a message. `id` is our reference and travels with it.

    `sender` is the shop's sender ID as the account allows it (empty: the account's own default),
    `validity_seconds` how long the carrier may keep trying. `text` is always filled in whole; a provider that
    sends approved templates only goes by `template`."""

    id: str
    to: str
    text: str
    sender: str = ""
    channel: str = "sms"
    category: str = "transactional"
    encoding: str = "GSM-7"
    validity_seconds: int | None = None
    template: ProviderTemplate | None = None


@dataclass(frozen=True, slots=True)
class LostMessage:
    """A message whose answer was lost: what a look-up may go by. `sent_after` is when the send began."""

    id: str
    to: str
    text: str
    sent_after: datetime
    provider_id: str | None = None
    channel: str = "sms"
