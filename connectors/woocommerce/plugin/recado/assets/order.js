/* The box on an order's page: its messages and their true states, what the customer wrote, and a text by hand. */
( function () {
	'use strict';
	const { told, ask, calmly, element, size, state, follow, moment, pressed } = window.recado;
	const box = document.querySelector( '.recado-order' );
	if ( ! box ) {
		return;
	}
	const order = box.dataset.order;
	const log = box.querySelector( '.recado-log' );
	const one = ( id ) => document.getElementById( 'recado-order-' + id );
	const text = one( 'text' );
	let conversation = '';

	function line( entry ) {
		const isIn = entry.direction === 'in';
		const who = isIn ? told.words.customer : told.texts[ entry.template || entry.meaning ];
		const below = [ moment( entry.at ), who, entry.to, isIn ? '' : state( entry ), isIn ? '' : size( entry ) ];
		return element(
			'div',
			{ className: 'recado-entry ' + ( isIn ? 'is-in' : 'is-out is-' + entry.status ) },
			element( 'p', { className: 'recado-bubble' }, entry.text ),
			element( 'p', { className: 'recado-meta' }, below.filter( Boolean ).join( ' · ' ) )
		);
	}

	async function fill() {
		const answer = await ask( 'order', { order_id: order } );
		if ( answer.problem ) {
			log.replaceChildren( element( 'p', { className: 'recado-problem' }, answer.problem ) );
			return;
		}
		const sent = answer.messages.map( ( message ) => ( { ...message, at: message.created_at, direction: 'out' } ) );
		const received = answer.entries.filter( ( entry ) => entry.direction === 'in' );
		const latest = received[ received.length - 1 ];
		conversation = latest && latest.order_id === order ? answer.conversation : '';
		const all = sent.concat( received ).sort( ( a, b ) => ( a.at < b.at ? -1 : 1 ) );
		log.replaceChildren( ...( all.length ? all.map( line ) : [ element( 'p', {}, told.words.none ) ] ) );
		log.scrollTop = log.scrollHeight;
	}

	const words = () => ( one( 'template' ).value ? { template: one( 'template' ).value } : { text: text.value } );

	async function preview() {
		const own = ! one( 'template' ).value;
		text.hidden = ! own;
		one( 'preview' ).hidden = true;
		one( 'meta' ).textContent = '';
		if ( own && ! text.value.trim() ) {
			return;
		}
		const answer = await ask( 'order_preview', { order_id: order, ...words() } );
		const found = answer.templates && answer.templates[ 0 ];
		one( 'preview' ).hidden = ! found;
		one( 'preview' ).textContent = found ? found.text : '';
		one( 'meta' ).textContent = found ? size( found ) : answer.problem;
	}

	async function send() {
		const button = one( 'send' );
		const outcome = one( 'outcome' );
		button.disabled = true;
		outcome.textContent = told.words.sending;
		const answer = await ask( 'send', { order_id: order, conversation, key: pressed(), ...words() } );
		button.disabled = false;
		if ( answer.problem ) {
			outcome.textContent = answer.problem;
			return;
		}
		text.value = '';
		preview();
		const tell = ( message ) => {
			outcome.textContent = state( message );
			fill();
		};
		tell( answer );
		follow( answer, tell );
	}

	fill();
	if ( text ) {
		text.addEventListener( 'input', calmly( preview ) );
		one( 'template' ).addEventListener( 'change', preview );
		one( 'send' ).addEventListener( 'click', send );
		preview();
	}
}() );
