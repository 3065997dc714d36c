import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** Where to look. */
export interface MachineIdPlaces {
  /** @default "/etc/machine-id" */
  readonly systemFile?: string;
  /** Environment of the process, for `XDG_STATE_HOME`. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * What tells this machine from all others, also from those that are called the same: 16 hexadecimal digits, made of the ID that
 * systemd gives a machine at its first start. Where there is none (macOS, most containers), a random ID is kept in the user's
 * state folder; where nothing can be kept, each run is a machine of its own.
 */
export async function machineId({
  systemFile = "/etc/machine-id",
  env = process.env,
}: MachineIdPlaces = {}): Promise<string> {
  // Hashed, because machine-id(5) wants the ID itself kept from networks.
  return hashed((await textIn(systemFile)) ?? (await keptId(stateFile(env))));
}

const hashed = (id: string): string =>
  createHash("sha256").update(`cocoon-webhook dev ${id}`).digest("hex").slice(0, 16);

function stateFile({ XDG_STATE_HOME: given = "" }: NodeJS.ProcessEnv): string {
  const folder = path.isAbsolute(given) ? given : path.join(homedir(), ".local", "state");
  return path.join(folder, "cocoonstack", "machine-id");
}

async function keptId(file: string): Promise<string> {
  const made = randomUUID();
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${made}\n`, { flag: "wx" });
    return made;
  } catch {
    // It is there already, or cannot be written.
    return (await textIn(file)) ?? made;
  }
}

/** The text of a file, unless it is missing, unreadable or empty, as in images that are to get an ID at their first start. */
async function textIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const trimmed = text.trim();
  return /^[0-9a-f-]{32,36}$/.test(trimmed) ? trimmed : undefined;
}
