import type { Paint } from "../../packages/program/src/terminal/index.js";
import type { ControlPlane } from "../controlplane/index.js";
import type { DevProcess } from "../support/dev-process.js";
import type { Deed, Step } from "./story.js";
import type { VMStage } from "./vm-stage.js";

/** Where a story is played. */
export interface Scene {
  readonly plane: ControlPlane;
  readonly dev: DevProcess;
  /** Undefined as long as no VM is spoken of. */
  readonly stage?: VMStage;
}

/** How stories are told, and when they are broken off. */
export interface Voice {
  readonly say: (text?: string) => void;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

/** Tells stories, one after the other. */
export class Narrator {
  readonly #voice: Voice;
  readonly #brokenOff: Promise<undefined>;
  #steps = 0;
  #failures = 0;

  constructor(voice: Voice) {
    this.#voice = voice;
    this.#brokenOff = new Promise((resolve) => {
      voice.signal.addEventListener("abort", () => {
        resolve(undefined);
      });
    });
  }

  /** How many steps have come out otherwise so far. */
  get failures(): number {
    return this.#failures;
  }

  /** Tells a story to its end, or until somebody interrupts. */
  async tell(story: readonly Step[], scene: Scene): Promise<void> {
    const { paint, signal } = this.#voice;
    for (const step of story) {
      if (signal.aborted) return;
      this.#steps += 1;
      this.#say(`\n${paint("bold", `${this.#steps}. ${step.title}`)}`);
      const performed = this.#perform(step, scene).catch((error: unknown) => String(error));
      const fault = await Promise.race([performed, this.#brokenOff]);
      this.#say(`   ${step.why}`);
      if (fault === undefined) continue;
      this.#failures += 1;
      this.#say(paint("red", `   NOT AS TOLD: ${fault}.`));
    }
  }

  /** Once it is broken off, nobody wants to know how what was under way was cut off. */
  #say(text: string): void {
    if (!this.#voice.signal.aborted) this.#voice.say(text);
  }

  /** Says how it all came out. */
  conclude(): void {
    const { say, paint } = this.#voice;
    const [failures, steps] = [this.#failures, this.#steps];
    say(
      failures > 0
        ? paint("red", `\n${failures} of ${steps} steps did not come out as told.`)
        : paint("green", `\nAll ${steps} steps came out as told.`),
    );
  }

  /** Shows what comes of a step; resolves to how it came out otherwise. */
  async #perform(step: Step, scene: Scene): Promise<string | undefined> {
    const outputs: string[] = [];
    for (const deed of step.deeds) {
      const { output, fault } = await this.#do(deed, step, scene);
      if (fault !== undefined) return fault;
      outputs.push(output);
    }
    const output = outputs.join("\n");
    const wanted = typeof step.shows === "string" ? step.shows : step.shows(stageOf(scene));
    return output.includes(wanted) ? this.#decide(step, scene, output) : `it should show "${wanted}"`;
  }

  /** Does one thing, and shows it. */
  async #do(
    deed: Deed,
    { succeeds }: Step,
    scene: Scene,
  ): Promise<{ readonly output: string; readonly fault?: string }> {
    const { paint } = this.#voice;
    if ("look" in deed) {
      this.#say(paint("dim", `   > ${deed.look}`));
      const output = await deed.at(stageOf(scene));
      this.#say(paint("green", indent(output)));
      return { output };
    }
    this.#say(paint("dim", `   $ kubectl ${deed.kubectl.map(quoted).join(" ")}`));
    const { code, stdout, stderr } = await scene.plane.kubectl(deed.kubectl);
    const output = (stdout + stderr).trimEnd();
    this.#say(paint(succeeds ? "green" : "red", indent(output)));
    if ((code === 0) === succeeds) return { output };
    return {
      output,
      fault: `it should ${succeeds ? "go through" : "be refused"}; the exit code was ${code}`,
    };
  }

  async #decide({ decision }: Step, { dev }: Scene, output: string): Promise<string | undefined> {
    if (decision === undefined) return undefined;
    const line = await dev.line((one) => one.includes(decision)).catch(() => undefined);
    if (line === undefined) return `the webhook should show "${decision}"`;
    const { paint } = this.#voice;
    this.#say(paint("dim", `   the webhook: ${withoutWhatWasSaid(line, output)}`));
    return undefined;
  }
}

function stageOf({ stage }: Scene): VMStage {
  if (stage === undefined) throw new Error("this part of the story needs VMs");
  return stage;
}

/** The caller has been told why, so the demo's reader has read it. */
function withoutWhatWasSaid(line: string, output: string): string {
  const [what = "", ...why] = line.split(": ");
  return output.includes(why.join(": ")) ? what : line;
}

/** As it has to be typed: what a shell would take for something else stands in quotes. */
function quoted(arg: string): string {
  const [, flag = "", value = ""] = /^(--[\w-]+=)?([^]*)$/.exec(arg) ?? [];
  return /^[\w@%+=:,./-]*$/.test(value) ? arg : `${flag}'${value}'`;
}

/** Empty lines stay empty. */
const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, "   ");
