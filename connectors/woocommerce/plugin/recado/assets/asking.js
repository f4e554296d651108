/* What the scripts of the admin pages share: asking the shop's own server, and saying what came of it. */
( function () {
	'use strict';
	const told = window.recadoAdmin;
	const ends = [ 'delivered', 'read', 'undelivered', 'rejected', 'expired', 'cancelled', 'superseded', 'suppressed' ];

	async function ask( action, fields ) {
		const body = new URLSearchParams( { action: 'recado_' + action, nonce: told.nonce, ...fields } );
		try {
			const answer = await fetch( told.url, { method: 'POST', body, credentials: 'same-origin' } );
			return await answer.json();
		} catch ( error ) {
			return { problem: told.words.silent };
		}
	}

	/* The last of many calls in a row only. */
	function calmly( act ) {
		let waiting;
		return function () {
			clearTimeout( waiting );
			waiting = setTimeout( act, 400 );
		};
	}

	function element( name, attributes, ...inner ) {
		const made = Object.assign( document.createElement( name ), attributes );
		made.append( ...inner );
		return made;
	}

	function size( text ) {
		const parts = [ text.encoding, told.words.parts.replace( '%d', text.segments ) ];
		if ( text.price ) {
			const money = { style: 'currency', currency: text.currency, maximumFractionDigits: 4 };
			parts.push( new Intl.NumberFormat( told.language, money ).format( text.price ) );
		}
		if ( text.credits ) {
			parts.push( told.words.credits.replace( '%d', text.credits ) );
		}
		if ( text.unknown && text.unknown.length ) {
			parts.push( told.words.empty + ' {' + text.unknown.join( '}, {' ) + '}' );
		}
		return parts.join( ' · ' );
	}

	function state( message ) {
		const words = [ told.states[ message.status ] || message.status ];
		if ( message.explanation ) {
			words.push( message.explanation );
		}
		return words.join( ': ' );
	}

	/* Tells of a message until its fate is known, or nobody would wait any longer. */
	async function follow( message, tell ) {
		for ( let tries = 0; tries < 30 && ! ends.includes( message.status ); tries++ ) {
			await new Promise( ( done ) => setTimeout( done, 2000 ) );
			const seen = await ask( 'message', { id: message.id } );
			if ( ! seen.problem && seen.status !== message.status ) {
				message = seen;
				tell( message );
			}
		}
		return { message, known: ends.includes( message.status ) };
	}

	function moment( iso ) {
		return new Date( iso ).toLocaleString( told.language, { dateStyle: 'short', timeStyle: 'medium' } );
	}

	/* One and the same press of a button, however often it is sent. */
	function pressed() {
		const bytes = Array.from( crypto.getRandomValues( new Uint8Array( 12 ) ) );
		return bytes.map( ( byte ) => byte.toString( 16 ).padStart( 2, '0' ) ).join( '' );
	}

	window.recado = { told, ask, calmly, element, size, state, follow, moment, pressed };
}() );
