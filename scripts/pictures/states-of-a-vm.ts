import { defaultSnapshotTag, hibernateSnapshotTag } from "../../packages/common/src/meta/index.js";
import { rebuildDelaysMs } from "../../packages/operator/src/model/index.js";
import { arrow, box, type Place, svgOf, text } from "./diagram.js";

const asleep = `VMNAME:${hibernateSnapshotTag}`;
const kept = `VMNAME:${defaultSnapshotTag}`;
const pauses = rebuildDelaysMs.map((ms) => ms / 1_000).join(", ");

interface State extends Place {
  /** What it is called, the phases in which kubectl shows it, and where the state is that must not be lost. */
  readonly lines: readonly [name: string, set: string, hibernation: string, where: string];
  readonly kind?: "own";
}

const states: readonly State[] = [
  {
    ...{ x: 24, y: 62, width: 244, height: 96 },
    lines: ["boots", "CocoonSet: Pending, Scaling", "", "from the image, or as a fork"],
  },
  {
    ...{ x: 335, y: 62, width: 244, height: 96 },
    lines: ["runs", "CocoonSet: Running", "CocoonHibernation: Active", "its state: on its host"],
    kind: "own",
  },
  {
    ...{ x: 646, y: 62, width: 244, height: 96 },
    lines: [
      "has failed",
      "CocoonSet: Failed, Scaling",
      "CocoonHibernation: Failed",
      "its state: what its host has",
    ],
  },
  {
    ...{ x: 646, y: 226, width: 244, height: 96 },
    lines: [
      "goes to sleep",
      "CocoonSet: Suspending",
      "CocoonHibernation: Hibernating",
      "its state: on its host",
    ],
  },
  {
    ...{ x: 335, y: 378, width: 244, height: 96 },
    lines: ["sleeps", "CocoonSet: Suspended", "CocoonHibernation: Hibernated", `its state: ${asleep}`],
    kind: "own",
  },
  {
    ...{ x: 24, y: 226, width: 244, height: 96 },
    lines: ["wakes", "CocoonSet: Pending, Scaling", "CocoonHibernation: Waking", `its state: ${asleep}`],
  },
];

/** From one state to another: the way of the arrow, and what has to happen, at the place of its first line. */
const ways: readonly {
  readonly path: string;
  readonly at: readonly [number, number];
  readonly why: readonly string[];
}[] = [
  { path: "M268 110H333", at: [301, 100], why: ["ready"] },
  { path: "M579 110H644", at: [612, 100], why: ["fails"] },
  { path: "M515 158V274H644", at: [581, 222], why: ["suspend: true,", "or desire: Hibernate"] },
  { path: "M768 322V426H581", at: [672, 382], why: ["its node says so,", "and the tag is there"] },
  { path: "M335 426H146V324", at: [240, 382], why: ["suspend: false,", "or desire: Wake"] },
  { path: "M268 274H398V160", at: [333, 222], why: ["it runs again; only", "then the tag goes"] },
  {
    path: "M457 474V520",
    at: [694, 452],
    why: ["its pod is deleted: it is made again,", "from the snapshot"],
  },
];

/** From boot to departure, with the phases that kubectl shows and where the state of the VM is. */
export const statesOfAVM = (): string =>
  svgOf({
    title: "The states of a VM",
    description: `A VM boots and runs. Suspended, or hibernated by a CocoonHibernation, it goes to sleep; it sleeps once its node says so and the snapshot ${asleep} is in the registry. Woken, it comes back from there, and the snapshot goes only once it runs. A VM that leaves is kept as ${kept} where the snapshot policy says so.`,
    width: 914,
    height: 616,
    parts: [
      text(
        { x: 24, y: 36, kind: "name", size: 16 },
        "The states of a VM, and where what it holds is in each",
      ),
      ...states.map(({ lines, kind, ...place }) =>
        box(
          place,
          lines.filter((line) => line !== ""),
          kind,
        ),
      ),
      ...ways.map(({ path }) => arrow(path)),
      ...ways.flatMap(({ at: [x, y], why }) =>
        why.map((line, index) => text({ x, y: y + index * 16, anchor: "middle", size: 12 }, line)),
      ),
      text({ x: 768, y: 178, anchor: "middle", size: 12 }, `rebuilt after ${pauses} s; a main agent`),
      text({ x: 768, y: 194, anchor: "middle", size: 12 }, "waits for you"),
      box({ x: 24, y: 522, width: 866, height: 70 }, [
        "leaves",
        "fewer replicas, a toolbox that is not in the spec any more, a CocoonSet that is deleted",
        `it is kept as ${kept} where snapshotPolicy says so: always all, main-only the main agent, never none`,
      ]),
    ],
  });
