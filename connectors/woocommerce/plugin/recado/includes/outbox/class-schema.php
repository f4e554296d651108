<?php
/**
 * The plugin's own table, and what else it finds in the database from its first day.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Choices;

defined( 'ABSPATH' ) || exit;

final class Schema {

	public const VERSION_OPTION = 'recado_schema';

	private const VERSION = '2';

	private \wpdb $db;

	public function __construct( \wpdb $db ) {
		$this->db = $db;
	}

	/**
	 * Makes or changes what an older version left, or none; costs nothing otherwise.
	 */
	public function bring_up_to_date(): void {
		if ( self::VERSION === get_option( self::VERSION_OPTION ) ) {
			return;
		}
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( self::table( $this->db->prefix . Outbox::TABLE, $this->db->get_charset_collate() ) );
		Choices::lay_out();
		update_option( self::VERSION_OPTION, self::VERSION, true );
	}

	/**
	 * Moments are seconds since 1970, so that no time zone of a database server can shift them. once_key is null for
	 * most events: a unique index lets null repeat.
	 *
	 * @param string $name    Of the table.
	 * @param string $collate Its character set.
	 */
	private static function table( string $name, string $collate ): string {
		return "CREATE TABLE {$name} (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			event_id varchar(40) NOT NULL,
			once_key varchar(100) DEFAULT NULL,
			state varchar(10) NOT NULL DEFAULT 'waiting',
			body mediumtext NOT NULL,
			attempts smallint(5) unsigned NOT NULL DEFAULT 0,
			problem varchar(190) NOT NULL DEFAULT '',
			created_at bigint(20) unsigned NOT NULL,
			due_at bigint(20) unsigned NOT NULL,
			claimed_until bigint(20) unsigned NOT NULL DEFAULT 0,
			ended_at bigint(20) unsigned NOT NULL DEFAULT 0,
			PRIMARY KEY  (id),
			UNIQUE KEY event_id (event_id),
			UNIQUE KEY once_key (once_key),
			KEY state_id (state, id),
			KEY state_ended (state, ended_at)
		) {$collate};";
	}
}
