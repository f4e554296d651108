"""What reads the deliveries of each shop platform, by the way they come."""

from connectors.woocommerce.events import read_event
from connectors.woocommerce.normalise import read as read_webhook
from sidecar.domain.shop import Platform

READERS = {
    (Platform.WOOCOMMERCE, "webhook"): read_webhook,
    (Platform.WOOCOMMERCE, "plugin"): read_event,
    (Platform.WOOCOMMERCE, "poller"): read_webhook,
}
