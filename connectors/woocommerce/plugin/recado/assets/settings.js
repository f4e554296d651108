/* WooCommerce > Settings > SMS: previews while typing, and texts in the shop's own words. */
( function () {
	'use strict';
	const { told, ask, calmly, element, size } = window.recado;
	const one = ( selector ) => document.querySelector( selector );
	const about = one( '#recado-preview-about' );
	const shapers = [ 'sender', 'contact', 'locale' ].map( ( name ) => one( '#recado-' + name ) ).filter( Boolean );

	async function previewOne( select ) {
		const typed = Object.fromEntries( shapers.map( ( field ) => [ field.id.replace( 'recado-', '' ), field.value ] ) );
		const answer = await ask( 'preview', { keys: select.value, ...typed } );
		const text = answer.templates && answer.templates[ 0 ];
		one( '#recado-preview-text' ).textContent = text ? text.text : answer.problem;
		one( '#recado-preview-meta' ).textContent = text ? size( text ) : '';
		if ( about ) {
			about.textContent = answer.about || '';
		}
	}

	const select = one( '#recado-preview-key' ) || one( '#recado-template' );
	if ( select ) {
		const again = calmly( () => previewOne( select ) );
		select.addEventListener( 'change', again );
		shapers.forEach( ( field ) => field.addEventListener( 'input', again ) );
		previewOne( select );
	}

	// WooCommerce lets its button be pressed when something has changed; what could not be saved is sent again as it is.
	if ( one( '#message.error' ) ) {
		window.addEventListener( 'load', () => {
			one( 'button[name=save]' ).disabled = false;
		} );
	}

	const rows = [ ...document.querySelectorAll( 'tr[data-text]' ) ];
	const rowOf = ( key ) => rows.find( ( row ) => row.dataset.text === key );

	async function fillTexts() {
		const answer = await ask( 'preview', { keys: rows.map( ( row ) => row.dataset.text ).join( ',' ) } );
		for ( const text of answer.templates || [] ) {
			rowOf( text.key ).querySelector( '.recado-bubble' ).textContent = text.text;
			rowOf( text.key ).querySelector( '.recado-meta' ).textContent = size( text );
		}
		about.textContent = answer.about || answer.problem || '';
		const own = await ask( 'own_texts', {} );
		for ( const text of ( own.texts || [] ).slice().reverse() ) {
			const row = rowOf( text.key );
			if ( row && told.words[ text.state ] ) {
				const words = [ told.words[ text.state ], text.reason ].filter( Boolean );
				row.querySelector( '.recado-state' ).textContent = words.join( ': ' );
				row.dataset.own = text.text;
			}
		}
	}

	function reword( row ) {
		const area = element( 'textarea', { rows: 3, maxLength: 700, className: 'large-text', value: row.dataset.own || '' } );
		const meta = element( 'p', { className: 'recado-meta' } );
		const button = element( 'button', { type: 'button', className: 'button', textContent: told.words.submit } );
		const outcome = element( 'span', { role: 'status' } );
		area.setAttribute( 'aria-label', row.querySelector( 'label' ).textContent );
		area.placeholder = '{greeting}#{order_number} …';
		area.addEventListener( 'input', calmly( async () => {
			const answer = area.value.trim() ? await ask( 'preview', { text: area.value } ) : {};
			const text = answer.templates && answer.templates[ 0 ];
			meta.textContent = text ? text.text + ' — ' + size( text ) : answer.problem || '';
		} ) );
		button.addEventListener( 'click', async () => {
			button.disabled = true;
			const answer = await ask( 'reword', { key: row.dataset.text, text: area.value } );
			button.disabled = false;
			outcome.textContent = ' ' + ( answer.problem || told.words[ answer.state ] );
		} );
		row.querySelector( '.recado-reword' ).replaceWith( area, meta, button, outcome );
		area.focus();
	}

	if ( rows.length ) {
		fillTexts();
		rows.forEach( ( row ) => row.querySelector( '.recado-reword' ).addEventListener( 'click', () => reword( row ) ) );
	}
}() );
