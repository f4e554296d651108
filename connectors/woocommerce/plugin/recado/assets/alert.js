/* "Text me when it is back". Listens on the document: WooCommerce puts the form in anew for every variation chosen. */
( () => {
	const shop = window.recadoAlert;

	const part = ( box, name ) => box.querySelector( '.recado-alert__' + name );

	function say( box, words, input ) {
		part( box, 'said' ).textContent = words;
		box.classList.toggle( 'is-refused', !! input );
		box.querySelectorAll( '.input-text' ).forEach( ( each ) => each.removeAttribute( 'aria-invalid' ) );
		if ( input ) {
			input.setAttribute( 'aria-invalid', 'true' );
			input.focus();
		}
	}

	async function post( path, data, nonce ) {
		const headers = { 'Content-Type': 'application/json' };
		if ( nonce ) {
			headers[ 'X-WP-Nonce' ] = nonce;
		}
		const answer = await fetch( shop.url + path, { method: 'POST', headers, body: JSON.stringify( data ) } );
		const told = await answer.json();
		if ( 403 === answer.status && nonce ) {
			return post( path, data, '' ); // The nonce is too old: as a guest, then.
		}
		if ( ! told.words ) {
			throw new Error( 'not ours' );
		}
		return told;
	}

	async function ask( box ) {
		const input = box.querySelector( 'input[type=tel]' );
		if ( ! input.value.trim() ) {
			say( box, shop.empty, input );
			return;
		}
		const told = await post( '', {
			product: Number( box.dataset.product ),
			number: input.value,
			locale: shop.locale,
			website: part( box, 'more' ).firstChild.value,
		}, shop.nonce );
		const refused = 'refused' === told.state;
		say( box, told.words, refused ? input : null );
		part( box, 'ask' ).hidden = ! refused;
		if ( 'code' === told.state ) {
			box.dataset.alert = told.alert;
			part( box, 'code' ).hidden = false;
			part( box, 'code' ).querySelector( 'input' ).focus();
		}
	}

	async function confirm( box ) {
		const input = part( box, 'code' ).querySelector( 'input' );
		const told = await post( '/confirm', { alert: box.dataset.alert, code: input.value }, '' );
		const refused = 'refused' === told.state;
		say( box, told.words, refused ? input : null );
		part( box, 'code' ).hidden = ! refused;
	}

	async function press( button ) {
		const box = button.closest( '.recado-alert' );
		if ( box.hasAttribute( 'aria-busy' ) ) {
			return;
		}
		box.setAttribute( 'aria-busy', 'true' );
		try {
			await ( 'ask' === button.dataset.do ? ask( box ) : confirm( box ) );
		} catch ( failed ) {
			say( box, shop.offline );
		}
		box.removeAttribute( 'aria-busy' );
	}

	document.addEventListener( 'click', ( event ) => {
		const button = event.target.closest( '.recado-alert button' );
		if ( button ) {
			press( button );
		}
	} );

	// Enter in our fields is ours: around them may be WooCommerce's own form, which would put something into the cart.
	document.addEventListener( 'keydown', ( event ) => {
		const row = 'Enter' === event.key && event.target.closest( '.recado-alert__row' );
		if ( row ) {
			event.preventDefault();
			press( row.querySelector( 'button' ) );
		}
	} );
	document.documentElement.classList.add( 'recado-ready' );
} )();
