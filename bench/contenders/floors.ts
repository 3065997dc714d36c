import path from "node:path";
import { freePorts } from "../../test/controlplane/ports.js";
import type { Contender } from "./contender.js";
import { readLoopDelayMs } from "./loop-delay.js";
import { start } from "./started.js";

const program = path.join(import.meta.dirname, "floor.js");

const floor = (name: string, kind: "constant" | "parse"): Contender => ({
  name,
  kind: "floor",
  async start({ certFile, keyFile, folder }) {
    const { port } = await freePorts("port");
    const command = [process.execPath, program, kind, String(port), certFile, keyFile];
    const started = await start({ name, command, port, folder });
    const url = `https://127.0.0.1:${port}`;
    return { ...started, name, kind: "floor", url, loopDelayMs: () => readLoopDelayMs(url) };
  },
});

/** Reads the body and answers a constant: what Node's HTTPS costs. */
export const constantFloor = floor("node:https", "constant");

/** Also parses it: what everything that looks into a review costs at least. */
export const parseFloor = floor("node:https + JSON.parse", "parse");
