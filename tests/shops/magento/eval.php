<?php
/**
 * Runs the PHP code on standard input inside the store at argv[1], and prints what it returns as JSON.
 */
declare(strict_types=1);

require $argv[1] . '/app/bootstrap.php';
$manager = \Magento\Framework\App\Bootstrap::create(BP, $_SERVER)->getObjectManager();
$make = fn (string $class) => $manager->get($class);
$new = fn (string $class, array $arguments = []) => $manager->create($class, $arguments);
$manager->get(\Magento\Framework\App\State::class)->setAreaCode('adminhtml');
// phpcs:ignore -- the tests' own code
echo json_encode(eval(stream_get_contents(STDIN)), JSON_THROW_ON_ERROR);
