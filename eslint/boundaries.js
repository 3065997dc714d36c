// An ESLint rule that holds the doors of `rooms.js`. ADR 0003 says why it is ours.
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "..");

/** The workspace packages whose subpath exports are rooms: `NAME/sub/path` is `FOLDER/sub/path`. */
const exportedRooms = {
  "@cocoonstack/common": "packages/common/src",
  "@cocoonstack/machinery": "packages/machinery/src",
  "@cocoonstack/registry": "packages/registry/src",
  "@cocoonstack/program": "packages/program/src",
};

const isInside = (folder, file) => file === folder || file.startsWith(`${folder}/`);

/** The innermost room that holds `file`, or undefined. */
function roomOf(rooms, file) {
  return rooms
    .filter(({ room }) => isInside(room, file))
    .sort((a, b) => b.room.length - a.room.length)
    .at(0);
}

/** `@scope/name/sub` → `@scope/name`. */
const packageOf = (specifier) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** What is wrong with this import, in one sentence, or undefined. */
function faultOf({ rooms, file, specifier, typeOnly }) {
  const from = roomOf(rooms, file);
  if (from === undefined) {
    return `'${file}' lies in no room: add its folder to eslint/rooms.js, with what it may import.`;
  }
  if (specifier.startsWith("node:")) {
    const allowed = from.node === true || (from.node ?? []).includes(specifier);
    return allowed ? undefined : `'${from.room}' may not import '${specifier}' (see eslint/rooms.js).`;
  }
  const exporter = Object.keys(exportedRooms).find((name) => isInside(name, specifier));
  if (exporter === undefined && !specifier.startsWith(".")) {
    const allowed = (from.packages ?? []).includes(packageOf(specifier));
    return allowed
      ? undefined
      : `'${from.room}' may not import the package '${specifier}' (see eslint/rooms.js).`;
  }
  const target =
    exporter === undefined
      ? path.posix.join(path.posix.dirname(file), specifier)
      : `${exportedRooms[exporter]}${specifier.slice(exporter.length)}/index.js`;
  const to = roomOf(rooms, target);
  if (to === from) return undefined;
  if (to === undefined) return `'${specifier}' lies in no room that '${from.room}' could import from.`;
  if ((from.imports ?? []).includes(to.room) || (typeOnly && (from.types ?? []).includes(to.room))) {
    return target === `${to.room}/index.js`
      ? undefined
      : `'${to.room}' is entered through its index.js, not through '${specifier}'.`;
  }
  return (from.types ?? []).includes(to.room)
    ? `'${from.room}' may import only types from '${to.room}': write 'import type'.`
    : `'${from.room}' may not import from '${to.room}' (see eslint/rooms.js).`;
}

/** `import { type T }` does not count: it stays behind as an import at run time. */
const isTypeOnly = (node) => node.importKind === "type" || node.exportKind === "type";

/** @type {import("eslint").Rule.RuleModule} */
export const boundaries = {
  meta: {
    type: "problem",
    docs: { description: "product code imports only what its room may import" },
    schema: [{ type: "array" }],
  },
  create(context) {
    const [rooms] = context.options;
    const file = path.relative(repository, context.filename).split(path.sep).join("/");
    const check = (node) => {
      if (node.source?.type !== "Literal") return;
      const fault = faultOf({ rooms, file, specifier: node.source.value, typeOnly: isTypeOnly(node) });
      if (fault !== undefined) context.report({ node: node.source, message: fault });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
