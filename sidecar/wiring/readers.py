"""What reads the deliveries of each shop platform, by the way they come."""

from connectors.magento.normalise import read as read_magento
from connectors.magento.normalise import read_event as read_magento_event
from connectors.woocommerce.events import read_event
from connectors.woocommerce.normalise import read as read_webhook
from sidecar.domain.shop import Platform

READERS = {
    (Platform.WOOCOMMERCE, "webhook"): read_webhook,
    (Platform.WOOCOMMERCE, "plugin"): read_event,
    (Platform.WOOCOMMERCE, "poller"): read_webhook,
    (Platform.MAGENTO, "plugin"): read_magento_event,
    (Platform.MAGENTO, "poller"): read_magento,
}
