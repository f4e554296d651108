/* The panel by which a shopper confirms a number at the checkout: the same in the classic and in the block checkout.
   `recadoCode.panel( box )` gives a function to be told, again and again, how the checkout stands. */
( () => {
	const shop = window.recadoCode;
	const words = shop.words;
	const opened = new Map(); // By number: what it has come to. Outlives the panel, which the classic checkout throws away.

	/* As the shop makes it too: the same for the same number however it is spaced. */
	shop.key = ( typed, country ) => {
		const number = typed.trim();
		if ( ! /^\+?[0-9 ().-]+$/.test( number ) ) {
			return country + ' ' + number;
		}
		const digits = number.replace( /\D/g, '' );
		return number.startsWith( '+' ) ? '+' + digits : country + digits;
	};

	function element( name, className, text ) {
		const made = document.createElement( name );
		made.className = className;
		made.textContent = text || '';
		return made;
	}

	function button( text, className, press ) {
		const made = element( 'button', className, text );
		made.type = 'button';
		made.addEventListener( 'click', press );
		return made;
	}

	async function post( what, number, code ) {
		const body = new URLSearchParams( { nonce: shop.nonce, do: what, number: number.typed, country: number.country, code: code || '' } );
		const answer = await fetch( shop.url, { method: 'POST', body, credentials: 'same-origin' } );
		const told = await answer.json();
		if ( ! told || ! told.state ) {
			throw new Error( 'not ours' );
		}
		return told;
	}

	shop.panel = ( box ) => {
		const title = element( 'p', 'recado-code__title', words.title );
		const why = element( 'p', 'recado-code__why' );
		const send = button( words.send, 'button wp-element-button recado-code__send', () => act( 'send' ) );
		const row = element( 'div', 'recado-code__row' );
		const label = element( 'label', 'recado-code__label', words.code );
		const input = element( 'input', 'input-text' );
		const check = button( words.check, 'button wp-element-button', () => act( 'check' ) );
		const more = element( 'div', 'recado-code__more' );
		const again = button( words.again, 'recado-code__link', () => act( 'send' ) );
		const without = button( words.without, 'recado-code__link', () => act( 'without' ) );
		const said = element( 'p', 'recado-code__said' );
		let number = { typed: '', country: '' };
		let timer = 0;

		input.id = 'recado-code-input';
		input.type = 'text';
		input.inputMode = 'numeric';
		input.autocomplete = 'one-time-code';
		input.maxLength = 6;
		input.setAttribute( 'aria-describedby', 'recado-code-said' );
		label.htmlFor = input.id;
		said.id = 'recado-code-said';
		said.setAttribute( 'role', 'status' );
		box.setAttribute( 'role', 'group' );
		box.setAttribute( 'aria-label', words.title );
		input.addEventListener( 'keydown', ( event ) => {
			if ( 'Enter' === event.key ) {
				event.preventDefault();
				act( 'check' );
			}
		} );
		row.append( input, check );
		more.append( again, without );
		box.replaceChildren( title, why, send, label, row, said, more );

		const standing = () => opened.get( shop.key( number.typed, number.country ) ) || {};

		function draw() {
			const now = standing();
			const done = 'confirmed' === now.state || 'passed' === now.state;
			const sent = 'sent' === now.state;
			const typed = number.typed.trim();
			why.textContent = typed ? words.why.replace( '%s', typed ) : words.missing;
			why.hidden = done || sent;
			send.hidden = done || sent || ! typed;
			label.hidden = row.hidden = again.hidden = ! sent;
			without.hidden = done || ! typed || ! shop.without;
			more.hidden = again.hidden && without.hidden;
			said.textContent = now.words || '';
			box.classList.toggle( 'is-refused', !! now.refused );
			box.classList.toggle( 'is-done', 'confirmed' === now.state );
			input.setAttribute( 'aria-invalid', String( !! now.refused && sent ) );
			count();
		}

		function count() {
			clearTimeout( timer );
			const left = Math.ceil( ( ( standing().again || 0 ) - Date.now() ) / 1000 );
			again.disabled = left > 0;
			again.textContent = left > 0 ? words.wait.replace( '%s', left ) : words.again;
			if ( left > 0 && box.isConnected ) {
				timer = setTimeout( count, 1000 );
			}
		}

		async function act( what ) {
			if ( box.hasAttribute( 'aria-busy' ) ) {
				return;
			}
			const key = shop.key( number.typed, number.country );
			const before = standing();
			let told;
			box.setAttribute( 'aria-busy', 'true' );
			try {
				told = await post( what, number, input.value );
			} catch ( failed ) {
				told = { state: 'refused', words: words.offline };
			}
			box.removeAttribute( 'aria-busy' );
			const refused = 'refused' === told.state;
			opened.set( key, {
				state: refused ? before.state : told.state,
				words: told.words,
				refused,
				again: told.wait ? Date.now() + told.wait * 1000 : before.again,
			} );
			draw();
			if ( 'sent' === standing().state ) {
				input.value = refused ? input.value : '';
				input.focus();
			}
		}

		return ( needed, typed, country, confirmed ) => {
			number = { typed, country };
			if ( confirmed && confirmed === shop.key( typed, country ) && 'confirmed' !== standing().state ) {
				opened.set( confirmed, { state: 'confirmed', words: words.confirmed } );
			}
			box.hidden = ! needed;
			draw();
		};
	};
} )();
