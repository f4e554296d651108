/* The test: one text to one number, and what becomes of it as it comes. */
( function () {
	'use strict';
	const { told, ask, element, size, state, follow, moment, pressed } = window.recado;
	const button = document.getElementById( 'recado-send' );
	const outcome = document.getElementById( 'recado-outcome' );
	const value = ( id ) => document.getElementById( id ).value;
	const step = ( words, className ) => outcome.append( element( 'p', { className: className || '' }, words ) );
	const tell = ( message ) => step( moment( new Date() ) + ' — ' + state( message ) );

	function conclude( { message, known } ) {
		if ( message.reason === 'dry_run' ) {
			step( told.words.dry, 'recado-conclusion' );
		} else if ( ! known ) {
			step( told.words.waits, 'recado-conclusion' );
		} else if ( message.provider === 'simulator' ) {
			step( told.words.simulated, 'recado-conclusion' );
		}
	}

	async function send() {
		outcome.replaceChildren( element( 'p', {}, told.words.sending ) );
		const fields = { to: value( 'recado-to' ), template: value( 'recado-template' ), key: pressed() };
		const message = await ask( 'test', fields );
		outcome.replaceChildren();
		if ( message.problem ) {
			step( message.problem, 'recado-problem' );
			return;
		}
		step( message.text, 'recado-bubble' );
		step( [ message.to, size( message ) ].filter( Boolean ).join( ' · ' ), 'recado-meta' );
		tell( message );
		conclude( await follow( message, tell ) );
	}

	if ( button ) {
		button.addEventListener( 'click', async () => {
			button.disabled = true;
			await send();
			button.disabled = false;
		} );
	}
}() );
