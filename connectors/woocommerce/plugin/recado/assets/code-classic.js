/* The panel in the classic checkout, which replaces everything around its button whenever something changes. */
( () => {
	let told = null;
	let drawn = null;

	const value = ( form, name ) => ( form.elements[ name ] && form.elements[ name ].value ) || '';

	function tell() {
		const form = document.querySelector( 'form.checkout' );
		const box = form && form.querySelector( '.recado-code' );
		if ( ! box ) {
			return;
		}
		if ( box !== drawn ) {
			drawn = box;
			told = window.recadoCode.panel( box );
		}
		const methods = box.dataset.methods.split( ' ' );
		const chosen = form.querySelector( 'input[name=payment_method]:checked' );
		const needed = methods.includes( '*' ) || ( chosen && methods.includes( chosen.value ) );
		const typed = value( form, 'recado_mobile' ).trim() || value( form, 'billing_phone' );
		told( !! needed, typed, value( form, 'billing_country' ), box.dataset.confirmed );
	}

	const form = document.querySelector( 'form.checkout' );
	if ( form ) {
		form.addEventListener( 'input', tell );
		form.addEventListener( 'change', tell );
		new MutationObserver( () => {
			if ( document.querySelector( 'form.checkout .recado-code' ) !== drawn ) {
				tell();
			}
		} ).observe( form, { childList: true, subtree: true } );
		tell();
	}
} )();
