<?php
/**
 * "Text me when it is back", where a product says that it is sold out. The same markup travels in the data of each
 * variation, inside WooCommerce's own form: so it is no form itself, and its script listens on the document.
 * The page may be cached for everybody: nothing here depends on who looks at it.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Alert_Form implements Feature {

	/**
	 * What only machines fill in.
	 */
	public const TRAP = 'website';

	private const WITHOUT_STOCK_OF_THEIR_OWN = array( 'variable', 'grouped', 'external' );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'woocommerce_get_stock_html', array( $this, 'add_form' ), 20, 2 );
		add_action( 'woocommerce_after_variations_form', array( $this, 'print_for_hidden_variations' ) );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	/**
	 * Behind "Out of stock".
	 *
	 * @param mixed $html    Of WooCommerce and other plugins.
	 * @param mixed $product What is shown.
	 * @return mixed
	 */
	public function add_form( $html, $product ) {
		if ( ! $product instanceof \WC_Product || $product->is_type( self::WITHOUT_STOCK_OF_THEIR_OWN ) ) {
			return $html;
		}
		return $this->is_offered_for( $product ) ? $html . self::markup( $product ) : $html;
	}

	/**
	 * A shop that hides what is sold out shows no variation to choose: there the product as a whole is waited for.
	 */
	public function print_for_hidden_variations(): void {
		$product = $GLOBALS['product'] ?? null;
		if ( ! $product instanceof \WC_Product_Variable || 'yes' !== get_option( 'woocommerce_hide_out_of_stock_items' ) ) {
			return;
		}
		if ( $this->is_offered_for( $product ) ) {
			echo self::markup( $product ); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
		}
	}

	public function enqueue(): void {
		if ( ! is_product() || ! $this->plugin->settings()->offers_alerts() ) {
			return;
		}
		wp_enqueue_style( 'recado-shopper', plugins_url( 'assets/shopper.css', RECADO_FILE ), array(), RECADO_VERSION );
		wp_enqueue_script( 'recado-alert', plugins_url( 'assets/alert.js', RECADO_FILE ), array(), RECADO_VERSION, true );
		wp_localize_script( 'recado-alert', 'recadoAlert', $this->for_script() );
	}

	/**
	 * A nonce for customers only: their pages are never cached for others, and without one WordPress takes them for
	 * guests.
	 *
	 * @return array<string, string>
	 */
	private function for_script(): array {
		return array(
			'url'     => rest_url( 'recado/v1/stock-alerts' ),
			'nonce'   => is_user_logged_in() ? wp_create_nonce( 'wp_rest' ) : '',
			'locale'  => determine_locale(),
			'empty'   => __( 'Please write your mobile number.', 'recado' ),
			'offline' => __( 'The shop did not answer. Please try again.', 'recado' ),
		);
	}

	private function is_offered_for( \WC_Product $product ): bool {
		return ! $product->is_in_stock()
			&& 'publish' === $product->get_status()
			&& $this->plugin->settings()->offers_alerts()
			/**
			 * Whether customers may ask to be told when this product is back.
			 *
			 * @param bool        $offered True.
			 * @param \WC_Product $product A product or variation that is sold out.
			 */
			&& apply_filters( 'recado_offer_alert', true, $product );
	}

	private static function markup( \WC_Product $product ): string {
		$id = 'recado-alert-' . $product->get_id();
		ob_start();
		?>
		<div class="recado-alert" role="group" aria-labelledby="<?php echo esc_attr( $id ); ?>-title" data-product="<?php echo esc_attr( (string) $product->get_id() ); ?>">
			<p class="recado-alert__title" id="<?php echo esc_attr( $id ); ?>-title"><?php esc_html_e( 'Text me when it is back', 'recado' ); ?></p>
			<div class="recado-alert__ask">
				<label for="<?php echo esc_attr( $id ); ?>-number"><?php esc_html_e( 'Mobile number', 'recado' ); ?></label>
				<div class="recado-alert__row">
					<input type="tel" id="<?php echo esc_attr( $id ); ?>-number" class="input-text" autocomplete="tel" inputmode="tel" maxlength="30" aria-describedby="<?php echo esc_attr( $id ); ?>-hint <?php echo esc_attr( $id ); ?>-said">
					<button type="button" class="button alt wp-element-button" data-do="ask"><?php esc_html_e( 'Text me', 'recado' ); ?></button>
				</div>
				<p class="recado-alert__hint" id="<?php echo esc_attr( $id ); ?>-hint"><?php echo esc_html( Wording::of( 'stock_alerts' ) ); ?></p>
				<div class="recado-alert__more" aria-hidden="true"><input type="text" name="<?php echo esc_attr( self::TRAP ); ?>" tabindex="-1" autocomplete="off" aria-label="<?php esc_attr_e( 'Leave this empty', 'recado' ); ?>"></div>
			</div>
			<div class="recado-alert__code" hidden>
				<label for="<?php echo esc_attr( $id ); ?>-code"><?php esc_html_e( 'Code from the text', 'recado' ); ?></label>
				<div class="recado-alert__row">
					<input type="text" id="<?php echo esc_attr( $id ); ?>-code" class="input-text" autocomplete="one-time-code" inputmode="numeric" maxlength="6" aria-describedby="<?php echo esc_attr( $id ); ?>-said">
					<button type="button" class="button alt wp-element-button" data-do="confirm"><?php esc_html_e( 'Confirm', 'recado' ); ?></button>
				</div>
			</div>
			<p class="recado-alert__said" id="<?php echo esc_attr( $id ); ?>-said" role="status" aria-live="polite"></p>
		</div>
		<?php
		return (string) preg_replace( '/>\s+</', '><', trim( (string) ob_get_clean() ) );
	}
}
