import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MemorySnapshots } from "../snapshots/index.js";
import type { Source } from "../vm/index.js";
import { FaultBoard } from "./fault-board.js";
import { recordsIn, type Records } from "./records.js";
import { SimulatedBackend } from "./simulated-backend.js";

const { signal } = new AbortController();
const image: Source = { from: "image", image: "ubuntu:24.04", isClone: false };
const asleep: Source = { from: "snapshot", tag: "hibernate" };

function host(options: { readonly records?: Records; readonly snapshots?: MemorySnapshots } = {}) {
  const faults = new FaultBoard();
  const backend = new SimulatedBackend({ host: "a", snapshots: new MemorySnapshots(), faults, ...options });
  return {
    backend,
    faults,
    start: (name: string, source = image) => backend.start({ name, source }, signal),
  };
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "cocoon-records-"));
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  return made;
}

describe("the content of a simulated VM", () => {
  it("is new with each boot, and changes with what the guest writes", async () => {
    const { backend, start } = host();
    await start("x");
    await start("y");
    const [x, y] = [backend.contentOf("x"), backend.contentOf("y")];
    expect(x?.origin).not.toBe(y?.origin);
    backend.touch("x");
    expect(backend.contentOf("x")).toEqual({ origin: x?.origin, revision: 1 });
    await start("x");
    expect(backend.contentOf("x")?.origin).not.toBe(x?.origin);
  });

  it("is inherited by forks, and goes through the snapshot that was saved", async () => {
    const { backend, start } = host();
    await start("x");
    backend.touch("x");
    const content = backend.contentOf("x");
    await start("fork", { from: "vm", vmName: "x" });
    expect(backend.contentOf("fork")).toEqual(content);
    await backend.save("x");
    backend.touch("x");
    await backend.push("x", "hibernate", signal);
    await backend.destroy("x", { sleeps: true });
    expect([backend.contentOf("x"), backend.find("x")]).toEqual([
      undefined,
      { vm: undefined, isAsleep: true },
    ]);
    const before = await start("x", asleep);
    expect(backend.contentOf("x")).toEqual(content);
    expect(backend.find("x")).toEqual({ vm: before, isAsleep: false });
  });

  it("is that of nobody when there is no source", async () => {
    const { backend, start } = host();
    await expect(start("x", asleep)).rejects.toThrow("there is no snapshot x:hibernate");
    await expect(start("x", { from: "vm", vmName: "y" })).rejects.toThrow("there is no VM y on this node");
    await expect(backend.push("x", "latest", signal)).rejects.toThrow("x has not been saved");
    await expect(backend.save("x")).rejects.toThrow("there is no VM x on this node");
    expect(backend.list()).toEqual([]);
  });
});

describe("a simulated VM", () => {
  it("gets an id of its own with each start, and an address that nobody else has", async () => {
    const { start } = host();
    const vms = [await start("x"), await start("y"), await start("x")];
    expect(new Set(vms.map(({ id }) => id)).size).toBe(3);
    expect(new Set(vms.map(({ ip }) => ip)).size).toBe(3);
  });

  it("is told of when it vanishes or stops, and does not answer then", async () => {
    const { backend, faults, start } = host();
    const told: unknown[] = [];
    const off = backend.listen((change) => told.push(change));
    await start("x");
    await start("y");
    expect(backend.answers("x")).toBe(true);
    faults.set({ x: { stop: true }, y: { vanish: true } });
    expect(told).toEqual([
      { type: "stopped", name: "x" },
      { type: "vanished", name: "y" },
    ]);
    expect([backend.answers("x"), backend.list()]).toEqual([false, ["x"]]);
    faults.set({});
    await backend.restart("x");
    expect(backend.answers("x")).toBe(true);
    off();
    faults.set({ x: { stop: true } });
    expect(told).toHaveLength(2);
  });
});

describe("a folder of records", () => {
  it("brings VMs and sleepers back, and nothing of what has ended", async () => {
    const place = path.join(folder(), "new");
    const { backend, start } = host({ records: recordsIn(place) });
    const vm = await start("x");
    await start("asleep");
    await start("ended");
    backend.touch("x");
    await backend.destroy("asleep", { sleeps: true });
    await backend.destroy("ended", { sleeps: false });
    expect(readdirSync(place).sort()).toEqual(["asleep.json", "x.json"]);

    const { backend: next, start: startNext } = host({ records: recordsIn(place) });
    expect([next.find("x"), next.find("asleep")]).toEqual([
      { vm, isAsleep: false },
      { vm: undefined, isAsleep: true },
    ]);
    expect(next.contentOf("x")).toEqual(backend.contentOf("x"));
    expect((await startNext("new")).ip).not.toBe(vm.ip);
  });

  it("holds no file outside, whatever a VM is called", async () => {
    const place = folder();
    const { start } = host({ records: recordsIn(path.join(place, "vms")) });
    await start("../../x");
    expect(readdirSync(place)).toEqual(["vms"]);
  });

  it.each(["", "[]", '{"name": "x"}', "null"])("with a file of %j says what to do", (text) => {
    const place = folder();
    writeFileSync(path.join(place, "x.json"), text);
    expect(() => host({ records: recordsIn(place) })).toThrow(
      /x\.json does not hold a simulated VM: delete it/,
    );
  });
});
