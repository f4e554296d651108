<?php
/**
 * The part of the module that knows nothing of Magento, loaded without it.
 */
declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $prefix = 'Recado\\Sms\\';
    if (str_starts_with($class, $prefix)) {
        $path = str_replace('\\', '/', substr($class, strlen($prefix)));
        require dirname(__DIR__, 3) . "/connectors/magento/module/$path.php";
    }
});
