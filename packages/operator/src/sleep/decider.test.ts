import { describe, expect, it } from "vitest";
import { ago, hibernation, setView } from "../../../../test/support/operator/objects.js";
import { type HibernationView, readHibernation } from "../model/index.js";
import { deciderOf } from "./decider.js";

const view = (
  name: string,
  desire: "Hibernate" | "Wake",
  metadata: Readonly<Record<string, unknown>> = {},
): HibernationView => readHibernation(hibernation(desire, { metadata: { name, uid: name, ...metadata } }));
const deleted = { deletionTimestamp: ago(1_000) };
const older = { creationTimestamp: ago(900_000) };
const suspended = { spec: { suspend: true } };

describe("deciderOf", () => {
  it.each<[string, object, readonly HibernationView[], string, string]>([
    ["nobody", {}, [], "nobody", "awake"],
    ["its set, suspended", suspended, [], "set", "asleep"],
    ["its set against a CocoonHibernation", suspended, [view("a", "Wake")], "set", "asleep"],
    ["a CocoonHibernation", {}, [view("a", "Hibernate")], "a", "asleep"],
    ["one that wakes", {}, [view("a", "Wake")], "a", "awake"],
    ["the older of two", {}, [view("a", "Wake"), view("b", "Hibernate", older)], "b", "asleep"],
    ["the first by name of one age", {}, [view("b", "Wake"), view("a", "Hibernate")], "a", "asleep"],
    ["one that is deleted, which wakes", {}, [view("a", "Hibernate", deleted)], "a", "awake"],
    [
      "a younger one before one that is deleted",
      {},
      [view("a", "Wake", { ...older, ...deleted }), view("b", "Hibernate")],
      "b",
      "asleep",
    ],
    [
      "nobody before the finalizer is there",
      {},
      [view("a", "Hibernate", { finalizers: [] })],
      "nobody",
      "awake",
    ],
  ])("is %s", (_, set, hibernations, by, desire) => {
    const decider = deciderOf("demo-0", setView(set), hibernations);
    expect([decider.by === "hibernation" ? decider.hibernation.name : decider.by, decider.desire]).toEqual([
      by,
      desire,
    ]);
  });

  it("does not listen to those that speak of other pods", () => {
    expect(deciderOf("demo-1", setView(), [view("a", "Hibernate")]).by).toBe("nobody");
  });
});
