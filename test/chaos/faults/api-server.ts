import { setTimeout as delay } from "node:timers/promises";
import { writeFile } from "node:fs/promises";
import type { Misbehaviour, StandInApiServer } from "../../support/stand-in-api-server.js";
import type { Fault, Outcome } from "./fault.js";
import { scaleDown, stage, strayPod, timeUntil } from "./stage.js";

/** An answer in place of any other. */
const always =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Misbehaviour =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    return true;
  };

const statusBody = (code: number): string =>
  JSON.stringify({ kind: "Status", status: "Failure", code, message: "not now" });

type Begin = (apiServer: StandInApiServer) => Promise<void> | void;

/**
 * While the fault lasts, scale-downs are refused in time, whoever they are about, and what needs no look at the cluster is
 * decided as ever; afterwards the ordinary one is allowed again, and the other is refused by the rule.
 */
async function watch(begin: Begin, end: Begin): Promise<Outcome> {
  await using on = await stage();
  const { webhook, apiServer } = on;
  await timeUntil("allowed", () => scaleDown(webhook, "web"));
  await begin(apiServer);
  const startedAtMs = performance.now();
  const [web, agents, pod] = [
    await scaleDown(webhook, "web"),
    await scaleDown(webhook, "agents"),
    await strayPod(webhook),
  ];
  // Two of them wait, for at most the two seconds that their caller does.
  const inTime = performance.now() - startedAtMs < 4_500 ? "" : ", late";
  await end(apiServer);
  const recoveryMs = await timeUntil("allowed", () => scaleDown(webhook, "web"));
  const rule = await scaleDown(webhook, "agents");
  return { got: `${web}, ${agents}, ${pod}${inTime}; then ${rule}`, recoveryMs };
}

const misbehaving =
  (how: Misbehaviour): (() => Promise<Outcome>) =>
  () =>
    watch(
      (apiServer) => {
        apiServer.misbehave(how);
      },
      (apiServer) => {
        apiServer.misbehave(undefined);
      },
    );

const failClosed = {
  stated: "scale-downs refused with 503 in their caller's time, pods decided as ever",
  fits: /^refused 503, refused 503, refused 403; then refused 403$/,
};

/** What the API server does when the webhook asks it. */
export const apiServerFaults: readonly Fault[] = [
  {
    name: "API server down",
    ...failClosed,
    bring: () =>
      watch(
        (apiServer) => apiServer.goDown(),
        (apiServer) => apiServer.comeUp(),
      ),
  },
  // It takes the request, and says nothing.
  { name: "API server silent", ...failClosed, bring: misbehaving(() => true) },
  {
    name: "API server slow: half of an answer, and no more",
    ...failClosed,
    bring: misbehaving((_request, response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"spec":');
      return true;
    }),
  },
  {
    name: "API server answers 429",
    ...failClosed,
    bring: misbehaving(always(429, statusBody(429), { "retry-after": "1" })),
  },
  { name: "API server answers 500", ...failClosed, bring: misbehaving(always(500, statusBody(500))) },
  { name: "API server answers garbage", ...failClosed, bring: misbehaving(always(200, "<html>hello")) },
  {
    name: "API server answers another object",
    ...failClosed,
    bring: misbehaving(always(200, '{"kind":"Pod","spec":{}}')),
  },
  {
    name: "a proxy answers 404 in its place",
    ...failClosed,
    bring: misbehaving(always(404, '{"message":"no such route"}')),
  },
  {
    name: "API server cuts the connection in the middle",
    ...failClosed,
    bring: misbehaving((_request, response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"spec":');
      setTimeout(() => response.destroy(), 20);
      return true;
    }),
  },
  {
    name: "API server flapping, ten times in three seconds",
    stated: "each scale-down allowed or refused with 503, none that removes VMs allowed",
    fits: /^allowed or refused 503; refused 403 or refused 503$/,
    bring: flap,
  },
  { name: "token expired", ...failClosed, bring: expireToken },
];

async function flap(): Promise<Outcome> {
  await using on = await stage();
  const { webhook, apiServer } = on;
  const flapping = (async () => {
    for (let time = 0; time < 10; time++) {
      await apiServer.goDown();
      await delay(150);
      await apiServer.comeUp();
      await delay(150);
    }
  })();
  const answers = { web: new Set<string>(), agents: new Set<string>() };
  const isOver = flapping.then(() => true);
  while (!(await Promise.race([isOver, delay(10, false)]))) {
    for (const name of ["web", "agents"] as const) answers[name].add(await scaleDown(webhook, name));
  }
  const recoveryMs = await timeUntil("allowed", () => scaleDown(webhook, "web"));
  // However the moments fell, these are the two answers that are right.
  answers.web.add("allowed").add("refused 503");
  answers.agents.add("refused 403").add("refused 503");
  const words = (set: ReadonlySet<string>): string => [...set].sort().join(" or ");
  return { got: `${words(answers.web)}; ${words(answers.agents)}`, recoveryMs };
}

async function expireToken(): Promise<Outcome> {
  await using on = await stage();
  const { webhook, apiServer, files } = on;
  await timeUntil("allowed", () => scaleDown(webhook, "web"));
  apiServer.misbehave((request, response) => {
    if (request.headers.authorization === "Bearer second") return false;
    return always(401, statusBody(401))(request, response);
  });
  const got = [await scaleDown(webhook, "web"), await scaleDown(webhook, "agents"), await strayPod(webhook)];
  await writeFile(files.token, "second");
  const recoveryMs = await timeUntil("allowed", () => scaleDown(webhook, "web"));
  return { got: `${got.join(", ")}; then ${await scaleDown(webhook, "agents")}`, recoveryMs };
}
