// `npm run demo`: a real API server, `cocoon-webhook dev` against it, then VMs with an operator, a node and a registry, and a story
// told in the terminal. Stays up until Ctrl-C; with --exit it ends by itself. Exit code 0 only if every step came out as told.
import path from "node:path";
import { hasColours, painter } from "../../packages/program/src/terminal/index.js";
import { demo } from "./demo.js";

const repository = path.resolve(import.meta.dirname, "../..");
process.chdir(repository);

const interrupted = new AbortController();
const interrupt = (): void => {
  interrupted.abort();
};
// Not once: npm and tsx each pass a Ctrl-C on, and the second one must not cut the cleaning up short.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
// Nobody listens any more, as after `| head`.
process.stdout.on("error", interrupt);

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== "--exit");
if (unknown.length > 0) {
  process.stderr.write(
    `demo: unknown argument ${unknown.join(" ")}; there is --exit, to end after the story\n`,
  );
  process.exit(2);
}
const code = await demo({
  repository,
  exits: args.includes("--exit"),
  paint: painter(hasColours(process.stdout, process.env)),
  say: (text = "") => {
    process.stdout.write(`${text}\n`);
  },
  complain: (text) => {
    process.stderr.write(`${text}\n`);
  },
  signal: interrupted.signal,
});
// What was cut off may still wait for something that does not come any more.
process.exit(code);
