<?php
/**
 * The module's logic without a store: its classes are loaded as they are, and what they need of Magento is made up.
 */
declare(strict_types=1);

final class Module
{
    public const FOLDER = __DIR__ . '/../../../connectors/magento/module';
    public const DATA = __DIR__ . '/../../data/magento';
}

spl_autoload_register(static function (string $class): void {
    $prefix = 'Recado\\Sms\\';
    if (str_starts_with($class, $prefix)) {
        $path = str_replace('\\', '/', substr($class, strlen($prefix)));
        require Module::FOLDER . "/$path.php";
    }
});

foreach (['magento', 'OnSqlite', 'Selecting', 'StoreCase', 'Typed'] as $part) {
    require __DIR__ . "/$part.php";
}
