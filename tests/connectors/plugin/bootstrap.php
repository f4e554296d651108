<?php
/**
 * A WordPress of a few lines: what the plugin's own logic asks of it, and nothing more.
 */

declare( strict_types=1 );

namespace {
	define( 'ABSPATH', __DIR__ . '/' );
	define( 'RECADO_VERSION', '1.0.0' );
	define( 'RECADO_FILE', dirname( __DIR__, 3 ) . '/connectors/woocommerce/plugin/recado/recado.php' );
	define( 'RECADO_DIR', dirname( RECADO_FILE ) . '/' );
	define( 'HOUR_IN_SECONDS', 3600 );
	require RECADO_DIR . 'includes/autoload.php';
	require __DIR__ . '/wordpress.php';
	require __DIR__ . '/woocommerce.php';
	require __DIR__ . '/shoppers.php';
	require __DIR__ . '/Database.php';
	require __DIR__ . '/ShopTest.php';
	require __DIR__ . '/ShopperCase.php';
}

// The plugin asks PHP for the time; tests tell it.
namespace Recado\Outbox {
	function time(): int {
		return \World::$now;
	}
}

namespace Automattic\WooCommerce\StoreApi\Exceptions {
	final class RouteException extends \Exception {
		public string $name;
		public function __construct( string $name, string $message, int $status ) {
			parent::__construct( $message, $status );
			$this->name = $name;
		}
	}
}

namespace Recado\Cli {
	function time(): int {
		return \World::$now;
	}
}

namespace Recado\Shopper {
	function time(): int {
		return \World::$now;
	}
}

namespace Recado {
	function time(): int {
		return \World::$now;
	}
}
