"""Whether another one-time code may be sent. Each costs money, and there are people who earn by having them sent."""

from collections.abc import Mapping
from datetime import timedelta

from sidecar.domain.codes import Sample, Sent
from sidecar.domain.shop import ShopSettings

MOST_PER_NUMBER_AND_HOUR = 5
MOST_PER_NUMBER_AND_DAY = 10
MOST_PER_ADDRESS_AND_HOUR = 10

SAMPLE_SIZE = 50
FEWEST_CONFIRMED = 0.2

FIRST_WAIT = timedelta(seconds=30)


def looks_pumped(sample: Sample) -> bool:
    """Who has codes sent for the carrier's share of the price never reads them."""
    return sample.sent >= SAMPLE_SIZE and sample.confirmed < FEWEST_CONFIRMED * sample.sent


def countries_of(settings: ShopSettings) -> tuple[str, ...]:
    """To which codes are sent."""
    return settings.code_countries or tuple(filter(None, (settings.country,)))


def objection_to_code(settings: ShopSettings, country: str, sent: Sent, weights: Mapping[str, int]) -> str | None:
    """Why no code may go to this country now, or None. `weights` are what a text costs by country, "" being any
    other: the hour's limit is one of codes, and of what as many cost at home."""
    if country not in countries_of(settings):
        return "country_not_allowed"
    return objection_to_confirmation(settings, country, sent, weights)


def objection_to_confirmation(
    settings: ShopSettings, country: str, sent: Sent, weights: Mapping[str, int]
) -> str | None:
    """The same of a text by which somebody is to confirm a wish of theirs, which any country may have."""
    if looks_pumped(sent.sample):
        return "pumping_stop"
    limit = settings.code_limit_per_hour
    counted = (
        (sent.to_number, MOST_PER_NUMBER_AND_HOUR),
        (sent.to_number_in_a_day, MOST_PER_NUMBER_AND_DAY),
        (sent.from_address, MOST_PER_ADDRESS_AND_HOUR),
        (sent.to_prefix, _most_per_prefix(limit)),
        (sum(sent.by_country.values()), limit),
    )
    if any(count >= most for count, most in counted):
        return "code_limit"
    spent = sum(count * _weight(weights, where) for where, count in sent.by_country.items())
    affordable = limit * max(_weight(weights, settings.country), 1)
    return "code_limit" if spent + _weight(weights, country) > affordable else None


def wait_after(sends: int) -> timedelta:
    """Until the same person may have another code: 30 s, then each time twice as long."""
    return FIRST_WAIT * (1 << sends - 1)


def _most_per_prefix(limit: int) -> int:
    """A shop's customers are many kinds of people; half of a busy hour is never those of one range alone."""
    return max(limit // 2, min(limit, MOST_PER_NUMBER_AND_HOUR))


def _weight(weights: Mapping[str, int], country: str) -> int:
    return weights.get(country, weights.get("", 1))
