import { specAnnotations, vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import type { LivePod } from "../../support/node/pods-in.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const image = "ghcr.io/cocoonstack/box:1";
const newImage = "ghcr.io/cocoonstack/box:2";
const box = (name: string, more: object = {}): object => ({ name, image, ...more });

const podsOf = (place: Place, names: readonly string[]): Promise<readonly (LivePod | undefined)[]> =>
  Promise.all(names.map((name) => place.pods.get(name)));

/** What another VM would not have: its pod's UID, and the id of the VM itself. */
const identities = async (place: Place, names: readonly string[]): Promise<readonly unknown[]> =>
  (await podsOf(place, names)).map((pod) => [pod?.metadata.uid, pod?.metadata.annotations[vmAnnotations.id]]);

describe("an edit of a CocoonSet that runs", () => {
  scenario("5: replaces the main agent first, and then one VM at a time", platform, async (place) => {
    const members = ["demo-0", "demo-1", "demo-2", "demo-3", "demo-box"];
    await place.createSet("demo", { agent: { replicas: 3 }, toolboxes: [box("box")] });
    await place.untilPhase("CocoonSet", "demo", "Running");
    const before = members.map((name) => place.contentOf(name));

    // One step of one VM after the other: whatever else went at the same time would stand between them.
    const steps = ["leaves", "is gone", "is made", "is ready"];
    const expected = members.flatMap((name) => steps.map((step) => `${name} ${step}`));
    await using story = await place.followPods();
    place.giveUp(...members);
    await place.editSet("demo", { agent: { image: newImage }, toolboxes: [box("box", { image: newImage })] });
    expect(await story.lines(expected.length)).toEqual(expected);
    await place.untilPhase("CocoonSet", "demo", "Running");

    const images = (await podsOf(place, members)).map(
      (pod) => pod?.metadata.annotations[specAnnotations.image],
    );
    expect(images).toEqual(members.map(() => newImage));
    // What went is kept, and what came is forked from the new main agent.
    expect(await Promise.all(members.map((name) => place.tag(name, "latest")))).toEqual(before);
    const origin = place.contentOf("demo-0")?.origin;
    expect(["demo-1", "demo-2", "demo-3"].map((name) => place.contentOf(name)?.origin)).toEqual(
      Array.from({ length: 3 }, () => origin),
    );
    expect(origin).not.toBe(before[0]?.origin);
  });

  scenario("9: changes settings in place, and no VM for them", platform, async (place) => {
    const members = ["demo-0", "demo-1", "demo-box"];
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box("box")] });
    await place.untilPhase("CocoonSet", "demo", "Running");
    const before = await identities(place, members);
    const settingsOf = async (name: string): Promise<readonly unknown[]> => {
      const { annotations = {} } = (await place.pods.get(name))?.metadata ?? {};
      return [
        annotations[specAnnotations.snapshotPolicy],
        annotations[vmAnnotations.probePort],
        annotations[vmAnnotations.connType],
        annotations[specAnnotations.forcePull],
      ];
    };
    const untilAnswered = (generation: number): Promise<unknown> =>
      Promise.all(members.map((name) => place.pods.untilIn(name, "ready", generation)));

    const settings = { probePort: 22, connType: "vnc", forcePull: true };
    await place.editSet("demo", {
      snapshotPolicy: "never",
      agent: settings,
      toolboxes: [box("box", { ...settings, probePort: 8080 })],
    });
    await untilAnswered(2);
    expect(await Promise.all(members.map(settingsOf))).toEqual([
      ["never", "22", "vnc", "true"],
      ["never", "22", "vnc", "true"],
      ["never", "8080", "vnc", "true"],
    ]);

    await place.editSet("demo", {
      snapshotPolicy: "always",
      agent: { probePort: null, connType: null, forcePull: null },
      toolboxes: [box("box")],
    });
    await untilAnswered(3);
    const none = ["always", undefined, undefined, undefined];
    expect(await Promise.all(members.map(settingsOf))).toEqual([none, none, none]);
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(await identities(place, members)).toEqual(before);
    expect(members.map((name) => place.startsOf(name))).toEqual([["image"], ["vm"], ["image"]]);
  });

  scenario("10: lets toolboxes go and come, and leaves the others alone", platform, async (place) => {
    const kept = ["demo-0", "demo-1", "demo-same"];
    await place.createSet("demo", {
      agent: { replicas: 1 },
      toolboxes: ["gone", "old", "same"].map((name) => box(name)),
    });
    await place.untilPhase("CocoonSet", "demo", "Running");
    const before = await identities(place, kept);
    const left = ["demo-gone", "demo-old"].map((name) => place.contentOf(name));

    await place.editSet("demo", { toolboxes: ["new", "same"].map((name) => box(name)) });
    for (const name of ["demo-gone", "demo-old"]) await place.pods.untilGone(name);
    const { status } = await place.untilPhase("CocoonSet", "demo", "Running");
    expect(status).toMatchObject({ desiredToolboxes: 2, readyToolboxes: 2 });
    expect(status?.toolboxes?.map((toolbox) => toolbox?.podName)).toEqual(["demo-new", "demo-same"]);
    expect(place.startsOf("demo-new")).toEqual(["image"]);
    expect(await identities(place, kept)).toEqual(before);
    expect(await Promise.all(["demo-gone", "demo-old"].map((name) => place.tag(name, "latest")))).toEqual(
      left,
    );
  });
});
