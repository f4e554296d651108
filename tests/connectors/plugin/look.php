<?php
/**
 * Looks at PHP files with nikic's parser: nothing that PHP 7.4 has not, no function over 30 lines, no file over 300.
 * Prints what it finds, one a line.
 */

declare( strict_types=1 );

require 'PhpParser/autoload.php';

use PhpParser\Lexer\Emulative;
use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitorAbstract;
use PhpParser\Parser\Php7;

final class Look extends NodeVisitorAbstract {

	private const NEWER = array(
		Node\AttributeGroup::class            => 'an attribute',
		Node\Expr\Match_::class               => 'match',
		Node\Expr\NullsafeMethodCall::class   => '?->',
		Node\Expr\NullsafePropertyFetch::class => '?->',
		Node\Expr\Throw_::class               => 'throw as an expression',
		Node\IntersectionType::class          => 'an intersection type',
		Node\Stmt\Enum_::class                => 'an enum',
		Node\UnionType::class                 => 'a union type',
		Node\VariadicPlaceholder::class       => 'a first-class callable',
	);

	public string $file = '';

	public function enterNode( Node $node ) {
		foreach ( self::NEWER as $kind => $name ) {
			if ( $node instanceof $kind ) {
				$this->say( $node, "$name is newer than PHP 7.4" );
			}
		}
		if ( $node instanceof Node\Param && $node->flags ) {
			$this->say( $node, 'constructor promotion is newer than PHP 7.4' );
		}
		if ( $node instanceof Node\Arg && $node->name ) {
			$this->say( $node, 'a named argument is newer than PHP 7.4' );
		}
		if ( $node instanceof Node\Stmt\Catch_ && ! $node->var ) {
			$this->say( $node, 'catch without a variable is newer than PHP 7.4' );
		}
		if ( $node instanceof Node\Identifier && in_array( $node->name, array( 'mixed', 'never' ), true ) ) {
			$this->say( $node, "the type $node->name is newer than PHP 7.4" );
		}
		if ( $node instanceof Node\FunctionLike && isset( $node->stmts ) && $node->getEndLine() - $node->getStartLine() >= 31 ) {
			$this->say( $node, 'this function is too long' );
		}
		return null;
	}

	private function say( Node $node, string $what ): void {
		echo "$this->file:{$node->getStartLine()}: $what\n";
	}
}

$look      = new Look();
$traverser = new NodeTraverser();
$traverser->addVisitor( $look );
$parser = new Php7( new Emulative( array( 'phpVersion' => '7.4', 'usedAttributes' => array( 'startLine', 'endLine' ) ) ) );
foreach ( array_slice( $argv, 1 ) as $file ) {
	$look->file = $file;
	$code       = (string) file_get_contents( $file );
	if ( substr_count( $code, "\n" ) > 300 ) {
		echo "$file: more than 300 lines\n";
	}
	try {
		$traverser->traverse( (array) $parser->parse( $code ) );
	} catch ( PhpParser\Error $error ) {
		echo "$file: {$error->getMessage()}\n";
	}
}
