/* The panel in the block checkout, at the end of its payment step. */
( () => {
	const { createElement, useEffect, useRef } = window.wp.element;
	const { useSelect } = window.wp.data;

	function checkout( select ) {
		const cart = select( 'wc/store/cart' );
		const fields = select( 'wc/store/checkout' );
		const { billingAddress = {}, shippingAddress = {} } = cart.getCustomerData();
		const same = fields.getUseShippingAsBilling && fields.getUseShippingAsBilling();
		const address = same && cart.getNeedsShipping() ? shippingAddress : billingAddress;
		const more = fields.getAdditionalFields ? fields.getAdditionalFields() : {};
		const told = ( cart.getCartData().extensions || {} ).recado || {};
		const methods = told.methods || [];
		return {
			needed: methods.includes( '*' ) || methods.includes( select( 'wc/store/payment' ).getActivePaymentMethod() ),
			typed: String( more[ 'recado/mobile' ] || '' ).trim() || address.phone || '',
			country: address.country || '',
			confirmed: told.confirmed || '',
		};
	}

	function Panel() {
		const box = useRef( null );
		const tell = useRef( null );
		const { needed, typed, country, confirmed } = useSelect( checkout, [] );
		useEffect( () => {
			tell.current = tell.current || window.recadoCode.panel( box.current );
			tell.current( needed, typed, country, confirmed );
		}, [ needed, typed, country, confirmed ] );
		return createElement( 'div', { ref: box, className: 'recado-code', hidden: true } );
	}

	window.wc.blocksCheckout.registerCheckoutBlock( {
		metadata: {
			name: 'recado/code',
			parent: [ 'woocommerce/checkout-payment-block' ],
			attributes: { lock: { type: 'object', default: { remove: true, move: true } } },
		},
		force: true,
		component: Panel,
	} );
} )();
