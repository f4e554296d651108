<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\AdminSystemConfigChanged;

use Magento\Framework\Event\ManagerInterface;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Indexer\CacheContextFactory;
use Recado\Sms\Block\Product\Alert;

/**
 * From now on other words may be kept as proof: no page that shows the old ones stays in the full-page cache.
 */
class ForgetWords implements ObserverInterface
{
    public function __construct(
        private readonly CacheContextFactory $contexts,
        private readonly ManagerInterface $events
    ) {
    }

    public function execute(Observer $observer): void
    {
        $pages = $this->contexts->create()->registerTags([Alert::WORDS_TAG]);
        $this->events->dispatch('clean_cache_by_tags', ['object' => $pages]);
    }
}
