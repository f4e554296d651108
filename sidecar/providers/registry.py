"""All providers there are, and how one is made from the options an operator gave."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sidecar.domain.capabilities import Capabilities
from sidecar.domain.exchange import DEFAULT_LIMITS, Limits
from sidecar.providers.aliyun import Aliyun
from sidecar.providers.base import AccountContext, Provider, capability_words
from sidecar.providers.gateway import Gateway
from sidecar.providers.infobip import Infobip
from sidecar.providers.octopush import Octopush
from sidecar.providers.ovh import Ovh
from sidecar.providers.plivo import Plivo
from sidecar.providers.simulator import Simulator
from sidecar.providers.twilio import Twilio
from sidecar.providers.vonage import Vonage
from sidecar.providers.whatsapp_cloud import WhatsAppCloud
from sidecar.providers.zenvia import Zenvia

PROVIDERS: Mapping[str, type[Provider]] = {
    "aliyun": Aliyun,
    "http": Gateway,
    "infobip": Infobip,
    "octopush": Octopush,
    "ovh": Ovh,
    "plivo": Plivo,
    "simulator": Simulator,
    "twilio": Twilio,
    "vonage": Vonage,
    "whatsapp_cloud": WhatsAppCloud,
    "zenvia": Zenvia,
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


def matrix() -> str:
    """What the providers can do, side by side, as a table in Markdown."""
    columns = ["kind", *capability_words(Capabilities())]
    lines = [columns, ["---"] * len(columns)]
    for kind in sorted(PROVIDERS):
        page = f"[`{kind}`](providers/{kind}.md)"
        lines.append([page, *capability_words(PROVIDERS[kind].capabilities).values()])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


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
