/* My account > SMS: shows what the shop tells, and passes on what the customer wants changed. */
( () => {
	const shop = window.recadoAccount;
	const words = shop.words;
	const page = document.getElementById( 'recado-account' );
	if ( ! page ) {
		return;
	}
	const said = page.querySelector( '.recado-account__said' );
	const body = page.querySelector( '.recado-account__body' );

	function element( name, className, text ) {
		const made = document.createElement( name );
		made.className = className;
		made.textContent = text || '';
		return made;
	}

	function button( text, press, label ) {
		const made = element( 'button', 'button wp-element-button', text );
		made.type = 'button';
		if ( label ) {
			made.setAttribute( 'aria-label', label );
		}
		made.addEventListener( 'click', press );
		return made;
	}

	async function ask( path, data ) {
		if ( 'true' === page.getAttribute( 'aria-busy' ) && data ) {
			return null;
		}
		page.setAttribute( 'aria-busy', 'true' );
		try {
			const answer = await fetch( shop.url + path, {
				method: data ? 'POST' : 'GET',
				headers: { 'Content-Type': 'application/json', 'X-WP-Nonce': shop.nonce },
				body: data ? JSON.stringify( data ) : undefined,
			} );
			const told = await answer.json();
			return told.state ? told : { state: 'refused', words: told.message || words.offline };
		} catch ( failed ) {
			return { state: 'refused', words: words.offline };
		} finally {
			page.removeAttribute( 'aria-busy' );
		}
	}

	async function change( path, data ) {
		const told = await ask( path, data );
		if ( told && 'done' === told.state ) {
			await show();
		}
		if ( told ) {
			said.textContent = told.words;
		}
	}

	function row( title, state, action, small ) {
		const made = element( 'li', 'recado-account__row' );
		const text = element( 'div', 'recado-account__text' );
		text.append( title, element( 'span', 'recado-account__state', state ) );
		if ( small ) {
			text.append( element( 'small', '', small ) );
		}
		made.append( text );
		if ( action ) {
			made.append( action );
		}
		return made;
	}

	function part( title, rows, empty ) {
		const made = element( 'section', 'recado-account__part' );
		made.append( element( 'h3', '', title ) );
		if ( rows.length ) {
			const list = element( 'ul', 'recado-account__list' );
			list.append( ...rows );
			made.append( list );
		} else {
			made.append( element( 'p', '', empty ) );
		}
		return made;
	}

	function alertRow( alert ) {
		const title = element( alert.url ? 'a' : 'span', 'recado-account__name', alert.name );
		if ( alert.url ) {
			title.href = alert.url;
		}
		const end = alert.handle && button( words.end, () => change( '/alerts/end', { handle: alert.handle } ), words.endOf.replace( '%s', alert.name ) );
		return row( title, alert.state, end, alert.number );
	}

	function consentRow( consent ) {
		const title = element( 'span', 'recado-account__name', consent.name );
		const text = consent.on ? words.turnOff : words.turnOn;
		const turn = button( text, () => change( '/consents', { purpose: consent.purpose, on: ! consent.on } ), text + ': ' + consent.name );
		return row( title, consent.state, turn, consent.on ? '' : consent.wording );
	}

	function proof( number ) {
		const made = element( 'section', 'recado-account__part' );
		made.append( element( 'h3', '', words.consents ) );
		if ( ! number ) {
			made.append( element( 'p', '', words.noNumber ) );
			return made;
		}
		const line = element( 'div', 'recado-code__row' );
		const label = element( 'label', '', words.code );
		const input = element( 'input', 'input-text' );
		const send = button( words.send, prove );
		input.id = label.htmlFor = 'recado-account-code';
		input.inputMode = 'numeric';
		input.autocomplete = 'one-time-code';
		input.maxLength = 6;
		label.hidden = line.hidden = true;
		line.append( input, button( words.confirm, () => prove( null, input.value || ' ' ) ) );
		async function prove( event, code ) {
			const told = await ask( '/code', { code: code || '' } );
			if ( ! told ) {
				return;
			}
			if ( 'confirmed' === told.state ) {
				await show();
			} else if ( 'sent' === told.state ) {
				label.hidden = line.hidden = false;
				send.textContent = words.again;
				input.focus();
			}
			said.textContent = told.words;
		}
		made.append( element( 'p', '', words.prove.replace( '%s', number ) ), label, line, send );
		made.classList.add( 'recado-code--plain' );
		return made;
	}

	async function show() {
		const told = await ask( '' );
		if ( ! told || 'shown' !== told.state ) {
			said.textContent = told ? told.words : '';
			body.replaceChildren( button( words.try_again, show ) );
			body.hidden = false;
			return;
		}
		said.textContent = '';
		body.replaceChildren(
			part( words.alerts, told.alerts.map( alertRow ), words.none ),
			told.proven ? part( words.consents, told.consents.map( consentRow ), '' ) : proof( told.number )
		);
		body.hidden = false;
	}

	show();
} )();
