"""All providers there are, and how one is made from the options an operator gave."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sidecar.providers.base import DEFAULT_LIMITS, AccountContext, Limits, Provider
from sidecar.providers.gateway import Gateway
from sidecar.providers.octopush import Octopush
from sidecar.providers.simulator import Simulator
from sidecar.providers.twilio import Twilio
from sidecar.providers.whatsapp_cloud import WhatsAppCloud

PROVIDERS: Mapping[str, type[Provider]] = {
    "http": Gateway,
    "octopush": Octopush,
    "simulator": Simulator,
    "twilio": Twilio,
    "whatsapp_cloud": WhatsAppCloud,
}


class InvalidOptions(Exception):
    """The kind or its options do not do; the message has a sentence for each fault, and no values."""


def build(kind: str, options: Mapping[str, str], context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> Provider:
    return provider_class(kind)(read_options(kind, options), context, limits)


def provider_class(kind: str) -> type[Provider]:
    if kind not in PROVIDERS:
        raise InvalidOptions(f"There is no provider {kind!r}; there are {_listed(PROVIDERS)}.")
    return PROVIDERS[kind]


def read_options(kind: str, options: Mapping[str, str]) -> BaseModel:
    """The checked options. Raises `InvalidOptions`."""
    model = provider_class(kind).Options
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise InvalidOptions(" ".join(_sentence(kind, model, fault) for fault in faults)) from None


def _sentence(kind: str, model: type[BaseModel], fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"{kind} needs the option {name}."
    if fault["type"] == "extra_forbidden":
        known = (field.alias or name for name, field in model.model_fields.items())
        return f"{kind} has no option {name}; it has {_listed(known)}."
    words = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else fault["msg"]
    return f"{kind}: {f'{name}: ' if name else ''}{words}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
