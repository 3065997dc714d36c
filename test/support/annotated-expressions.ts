import ts from "typescript";

/** An expression of an example, and the value that the comment behind it shows. */
export interface AnnotatedExpression {
  readonly expression: string;
  readonly shown: string;
}

/**
 * The statements `expression; // value` of an example that needs no other line: the value is a literal, and words may follow
 * it after a colon, a comma or a bracket. Where something is declared first, or awaited, nothing is taken.
 */
export function annotatedExpressions(code: string): AnnotatedExpression[] {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest);
  const statements = source.statements.filter((statement) => ts.isExpressionStatement(statement));
  if (statements.length !== source.statements.length) return [];
  return statements.flatMap((statement) => {
    const comment = /^ *\/\/ (.*)/.exec(code.slice(statement.end))?.[1];
    const shown = comment === undefined ? undefined : literalAtStart(comment);
    return shown === undefined ? [] : [{ expression: statement.expression.getText(source), shown }];
  });
}

/** `false: only toolboxes are static` → `false` */
function literalAtStart(comment: string): string | undefined {
  const ends = [...comment.matchAll(/(?=[:,(]| {2}|$)/g)].map(({ index }) => index).reverse();
  if (comment.includes("…")) return undefined;
  return ends.map((end) => comment.slice(0, end).trim()).find(isLiteral);
}

function isLiteral(text: string): boolean {
  const { statements } = ts.createSourceFile("value.ts", `(${text});`, ts.ScriptTarget.Latest);
  const [statement] = statements;
  if (statements.length !== 1 || statement === undefined || !ts.isExpressionStatement(statement))
    return false;
  const { expression } = statement;
  return ts.isParenthesizedExpression(expression) && isPlain(expression.expression);
}

function isPlain(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node)) return isPlain(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlain);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((member) => ts.isPropertyAssignment(member) && isPlain(member.initializer));
  if (ts.isIdentifier(node)) return node.text === "undefined";
  return (
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    ts.isBigIntLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  );
}
