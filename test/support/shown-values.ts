import ts from "typescript";

/** The name of the function that {@link withProbes} calls. */
export const probe = "$shows";

/** An example that compares what it computes with what its comments show. */
export interface ProbedExample {
  /** The example, with a call `$shows(value, shown)` wherever a comment shows a value. */
  readonly code: string;
  /** The expressions, or the names of the constants, whose value a comment shows. */
  readonly shown: readonly string[];
}

/**
 * Puts probes into an example: into statements `expression; // value`, and behind constants whose value stands in the comment
 * beside them or on the line below. The value is a literal, and words may follow it after a colon, a comma or a bracket. An
 * example stays on its lines.
 */
export function withProbes(code: string): ProbedExample {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest);
  const shown: string[] = [];
  const pieces = source.statements.map((statement) => {
    const text = code.slice(statement.pos, statement.end);
    const name = valueOf(statement)?.getText(source);
    const literal = literalAtStart(/^(?: *| *\n)\/\/ (.*)/.exec(code.slice(statement.end))?.[1] ?? "");
    if (name === undefined || literal === undefined) return text;
    shown.push(name);
    if (!ts.isExpressionStatement(statement)) return `${text} ${probe}(${name}, ${literal});`;
    const before = code.slice(statement.pos, statement.getStart(source));
    return `${before}${probe}(${name}, ${literal});`;
  });
  return { code: pieces.join("") + code.slice(source.statements.at(-1)?.end ?? 0), shown };
}

/** What a comment behind the statement may speak of. */
function valueOf(statement: ts.Statement): ts.Node | undefined {
  if (ts.isExpressionStatement(statement)) return statement.expression;
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration, another] = statement.declarationList.declarations;
  return another === undefined && declaration && ts.isIdentifier(declaration.name)
    ? declaration.name
    : undefined;
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
