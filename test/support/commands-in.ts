/** The commands that the help of the program lists, in its order. */
export function commandsIn(help: string): string[] {
  const [, list = ""] = /^Commands:\n([^]*?)\n\n/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name = ""]) => name);
}
