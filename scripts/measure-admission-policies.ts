// `npm run measure:admission-policies` prints what the admission policies cost a request to /scale on a real API server, by
// the number of Deployments in the namespace. Each round measures without the policies and with them, so that whatever
// else the machine does falls on both. (An API server's cache does not follow once the policies were removed, as their page
// says; here nothing changes that it would have to follow.)
import { admissionPolicies } from "../packages/webhook/src/registration/index.js";
import { type ControlPlane, ensureAssets, startControlPlane } from "../test/controlplane/index.js";
import { list, namespace, workload } from "../test/support/objects.js";
import { must } from "../test/support/registered-webhook.js";

const sizes = [10, 100, 1000] as const;
const rounds = 4;
const requestsPerRound = 15;

const policies = list(admissionPolicies());
const namespaceOf = (size: number): string => `deployments-${size}`;
const deploymentsIn = (size: number): string => `/apis/apps/v1/namespaces/${namespaceOf(size)}/deployments`;

/** Ordinary Deployments, as most are: that is the common case, and every one of them has to be looked at. */
async function fill(plane: ControlPlane, size: number): Promise<void> {
  await must(plane.kubectl(["create", "-f", "-"], { stdin: list([namespace(namespaceOf(size))]) }));
  const names = Array.from({ length: size }, (_, index) => `web-${index}`).values();
  const worker = async (): Promise<void> => {
    for (const name of names) await create(plane, size, workload("Deployment", name, 3, []));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await create(plane, size, workload("Deployment", "canary", 3));
}

async function create(plane: ControlPlane, size: number, deployment: object): Promise<void> {
  const { status, body } = await plane.request("POST", deploymentsIn(size), deployment);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
}

/** A dry run, which is admitted like any other and leaves everything as it was; gives its status and duration. */
async function scale(
  plane: ControlPlane,
  size: number,
  name: string,
  replicas: number,
): Promise<{ readonly status: number; readonly elapsedMs: number }> {
  const url = `${deploymentsIn(size)}/${name}/scale?dryRun=All`;
  const startMs = performance.now();
  const { status } = await plane.request(
    "PATCH",
    url,
    { spec: { replicas } },
    { contentType: "application/merge-patch+json" },
  );
  return { status, elapsedMs: performance.now() - startMs };
}

/** A change of policies takes effect within seconds: when the API server treats the cocoon Deployment of each namespace so. */
async function untilCanaryGets(plane: ControlPlane, wanted: number): Promise<void> {
  const deadlineMs = performance.now() + 120_000;
  for (const size of sizes) {
    while ((await scale(plane, size, "canary", 0)).status !== wanted) {
      if (performance.now() > deadlineMs)
        throw new Error(`the policies have no effect in ${namespaceOf(size)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Scale-downs, and scale-ups, of which the policies evaluate their conditions alone. */
const directions = { down: 1, up: 5 } as const;
type Direction = keyof typeof directions;

/** Durations in milliseconds, by namespace, direction and whether the policies were there. */
const samples = new Map<string, number[]>();
const samplesOf = (size: number, direction: Direction, guarded: boolean): number[] => {
  const key = `${size} ${direction} ${guarded}`;
  const known = samples.get(key) ?? [];
  samples.set(key, known);
  return known;
};

async function measure(plane: ControlPlane, guarded: boolean): Promise<void> {
  for (const size of sizes) {
    for (const direction of ["down", "up"] as const) {
      // The first one warms up what the change of policies has left cold.
      await scale(plane, size, "web-0", directions[direction]);
      for (let request = 0; request < requestsPerRound; request++) {
        const { status, elapsedMs } = await scale(
          plane,
          size,
          `web-${request % size}`,
          directions[direction],
        );
        if (status !== 200) throw new Error(`an ordinary Deployment was not scaled: ${status}`);
        samplesOf(size, direction, guarded).push(elapsedMs);
      }
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper = 0, lower = 0] = [sorted[middle], sorted[sorted.length % 2 === 0 ? middle - 1 : middle]];
  return (lower + upper) / 2;
}

function row(size: number): string {
  const p50 = (direction: Direction, guarded: boolean): number => median(samplesOf(size, direction, guarded));
  const [without, withThem] = [p50("down", false), p50("down", true)];
  const cells = [
    String(size),
    `${without.toFixed(1)} ms`,
    `${withThem.toFixed(1)} ms`,
    (withThem / without).toFixed(1),
    `${((withThem - without) / size).toFixed(2)} ms`,
    (p50("up", true) / p50("up", false)).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

const result = await ensureAssets();
if (!result.available) throw new Error(`${result.reason}; ${result.wayOut}`);
await using plane = await startControlPlane({ assets: result.assets });
for (const size of sizes) await fill(plane, size);
for (let round = 1; round <= rounds; round++) {
  await measure(plane, false);
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: policies }));
  await untilCanaryGets(plane, 403);
  await measure(plane, true);
  await must(plane.kubectl(["delete", "-f", "-"], { stdin: policies }));
  await untilCanaryGets(plane, 200);
  console.error(`round ${round} of ${rounds} is done`);
}
console.log(
  "| Deployments in the namespace | scale-down without | with | ratio | more for each Deployment | scale-up, ratio |\n" +
    "| ---: | ---: | ---: | ---: | ---: | ---: |\n" +
    sizes.map(row).join("\n"),
);
