// The rooms of the house and their doors: what each folder of product code may import. This table is the only place
// where that is written down; `boundaries.js` checks it in every lint run.
//
//   room      folder; a file belongs to the longest one that contains it
//   imports   other rooms that it may use, through their index.ts
//   types     rooms of which it may use the types, but nothing that exists at run time
//   packages  third-party packages that it may use
//   node      true: any built-in module; a list: only these; absent: none. The pure rooms are also kept from globals such as Date, in eslint.config.js

const common = "packages/common/src";
const webhook = "packages/webhook/src";
const operator = "packages/operator/src";
const machinery = "packages/machinery/src";
const registry = "packages/registry/src";
const program = "packages/program/src";
const node = "packages/node/src";

export const rooms = [
  // What several rooms of the library need; no entry point of the package.
  { room: `${common}/internal` },
  { room: `${common}/apis/v1`, imports: [`${common}/internal`] },
  { room: `${common}/meta`, imports: [`${common}/apis/v1`] },
  {
    room: `${common}/k8s`,
    imports: [`${common}/apis/v1`, `${common}/internal`, `${common}/meta`],
    packages: ["@kubernetes/client-node", "@peculiar/x509", "reflect-metadata", "undici", "yaml"],
    node: true,
  },
  { room: `${common}/k8s/admission`, imports: [`${common}/internal`], node: ["node:buffer", "node:http"] },
  { room: `${common}/auth`, node: ["node:buffer", "node:crypto"] },
  { room: `${common}/httpx`, imports: [`${common}/internal`], node: true },
  { room: `${common}/log`, packages: ["pino"] },

  // What executables share.
  { room: `${program}/words` },
  { room: `${program}/fields`, imports: [`${program}/words`], types: [`${common}/apis/v1`] },
  { room: `${program}/terminal` },
  { room: `${program}/settings`, imports: [`${common}/httpx`, `${common}/k8s`, `${program}/words`] },
  {
    room: `${program}/command-line`,
    imports: [`${common}/k8s`, `${program}/words`],
    types: [`${common}/log`, `${program}/settings`],
    packages: ["commander"],
    node: true,
  },
  {
    room: `${program}/endpoints`,
    imports: [`${common}/httpx`, `${common}/k8s/admission`],
    types: [`${common}/log`],
    packages: ["prom-client"],
    node: ["node:http"],
  },

  {
    room: `${webhook}/policy`,
    imports: [`${common}/apis/v1`, `${common}/meta`],
    types: [`${common}/k8s/admission`],
  },
  {
    room: `${webhook}/registration`,
    imports: [`${common}/apis/v1`, `${common}/meta`, `${webhook}/policy`],
  },
  {
    room: `${webhook}/facts`,
    imports: [`${common}/k8s`, `${common}/meta`],
    types: [`${webhook}/policy`],
  },
  {
    room: `${webhook}/self-managed`,
    imports: [`${common}/k8s`],
    types: [`${common}/log`],
    node: ["node:buffer", "node:crypto", "node:net"],
  },
  { room: `${webhook}/config`, imports: [`${program}/settings`] },
  {
    room: `${webhook}/admission`,
    imports: [`${common}/k8s/admission`, `${webhook}/policy`],
    types: [`${common}/log`, `${webhook}/facts`],
    packages: ["prom-client"],
  },
  // What `cocoon-webhook check` is made of: text to objects, objects to findings, findings to text.
  { room: `${webhook}/rules` },
  { room: `${webhook}/manifests`, packages: ["yaml"] },
  {
    room: `${webhook}/check`,
    imports: [
      `${common}/apis/v1`,
      `${common}/meta`,
      `${program}/fields`,
      `${webhook}/admission`,
      `${webhook}/policy`,
      `${webhook}/registration`,
      `${webhook}/rules`,
    ],
    types: [`${common}/k8s/admission`, `${webhook}/manifests`],
  },
  {
    room: `${webhook}/report`,
    imports: [`${program}/terminal`, `${webhook}/rules`],
    types: [`${webhook}/check`, `${webhook}/manifests`],
    node: ["node:crypto", "node:path"],
  },
  {
    room: `${webhook}/server`,
    imports: [
      `${common}/httpx`,
      `${common}/k8s`,
      `${common}/k8s/admission`,
      `${program}/endpoints`,
      `${webhook}/admission`,
      `${webhook}/facts`,
    ],
    types: [`${common}/log`, `${program}/command-line`, `${webhook}/config`],
    packages: ["prom-client"],
    node: true,
  },
  {
    room: `${webhook}/dev`,
    imports: [
      `${common}/k8s`,
      `${common}/meta`,
      `${program}/terminal`,
      `${webhook}/policy`,
      `${webhook}/registration`,
    ],
    types: [`${webhook}/admission`],
    node: ["node:net"],
  },
  {
    room: `${webhook}/cli`,
    imports: [
      `${common}/httpx`,
      `${common}/k8s`,
      `${common}/log`,
      `${program}/command-line`,
      `${program}/settings`,
      `${program}/terminal`,
      `${program}/words`,
      `${webhook}/check`,
      `${webhook}/config`,
      `${webhook}/dev`,
      `${webhook}/manifests`,
      `${webhook}/registration`,
      `${webhook}/report`,
      `${webhook}/rules`,
      `${webhook}/self-managed`,
      `${webhook}/server`,
    ],
    packages: ["commander", "yaml"],
    node: true,
  },

  // The operator's decisions: what was observed goes in, actions and a status come out.
  {
    room: `${operator}/model`,
    imports: [`${common}/apis/v1`, `${common}/meta`],
    types: [`${common}/k8s`],
  },
  {
    room: `${operator}/pods`,
    imports: [`${common}/apis/v1`, `${common}/meta`, `${operator}/model`],
  },
  {
    room: `${operator}/sleep`,
    imports: [`${common}/meta`, `${operator}/model`, `${operator}/pods`],
  },
  {
    room: `${operator}/sets`,
    imports: [
      `${common}/apis/v1`,
      `${common}/meta`,
      `${operator}/model`,
      `${operator}/pods`,
      `${operator}/sleep`,
    ],
    types: [`${common}/k8s`],
  },
  {
    room: `${operator}/hibernations`,
    imports: [`${common}/meta`, `${operator}/model`, `${operator}/pods`, `${operator}/sleep`],
    types: [`${common}/apis/v1`, `${common}/k8s`],
  },

  // The operator's shell: it observes, has plans made, and carries them out.
  {
    room: `${operator}/observe`,
    imports: [
      `${common}/apis/v1`,
      `${common}/meta`,
      `${machinery}/informer`,
      `${operator}/model`,
      `${operator}/pods`,
    ],
    types: [`${common}/k8s`],
  },
  {
    room: `${operator}/act`,
    imports: [`${common}/k8s`, `${common}/meta`, `${operator}/model`, `${operator}/observe`],
    types: [`${common}/apis/v1`, `${common}/log`, `${machinery}/informer`, registry],
  },
  {
    room: `${operator}/control`,
    imports: [
      `${common}/k8s`,
      `${common}/meta`,
      `${machinery}/queue`,
      `${operator}/act`,
      `${operator}/hibernations`,
      `${operator}/model`,
      `${operator}/observe`,
      `${operator}/sets`,
    ],
    types: [`${machinery}/events`, `${machinery}/informer`],
  },
  { room: `${operator}/config`, imports: [`${program}/settings`] },
  {
    room: `${operator}/server`,
    imports: [
      `${common}/httpx`,
      `${machinery}/events`,
      `${machinery}/leader`,
      `${machinery}/queue`,
      `${program}/endpoints`,
      `${operator}/act`,
      `${operator}/control`,
      `${operator}/observe`,
    ],
    types: [
      `${common}/apis/v1`,
      `${common}/k8s`,
      `${common}/log`,
      `${machinery}/informer`,
      `${program}/command-line`,
      `${operator}/config`,
      `${operator}/model`,
    ],
    packages: ["prom-client"],
    node: ["node:crypto", "node:os"],
  },
  {
    room: `${operator}/cli`,
    imports: [
      `${common}/apis/v1`,
      `${common}/k8s`,
      `${common}/log`,
      `${common}/meta`,
      `${program}/command-line`,
      `${program}/fields`,
      `${program}/settings`,
      registry,
      `${operator}/config`,
      `${operator}/server`,
      `${operator}/sets`,
    ],
    packages: ["commander", "yaml"],
    node: true,
  },

  // The node agent: the life of one VM as a pure function; what runs VMs; and what carries both into the cluster.
  { room: `${node}/vm`, imports: [`${common}/meta`] },
  { room: `${node}/backend`, types: [`${node}/vm`] },
  { room: `${node}/snapshots`, types: [registry], node: ["node:buffer"] },
  {
    room: `${node}/agent`,
    imports: [`${common}/k8s`, `${common}/meta`, `${machinery}/informer`, `${machinery}/queue`, `${node}/vm`],
    types: [`${common}/log`, `${node}/backend`],
    node: ["node:buffer", "node:events"],
  },
  {
    room: `${node}/simulated`,
    imports: [`${common}/k8s`, `${common}/meta`, `${node}/agent`, `${node}/vm`],
    types: [`${node}/backend`, `${node}/snapshots`],
    node: ["node:crypto", "node:fs", "node:path"],
  },
  {
    room: `${node}/cli`,
    imports: [
      `${common}/log`,
      `${program}/command-line`,
      `${program}/settings`,
      `${node}/agent`,
      `${node}/simulated`,
      `${node}/snapshots`,
      registry,
    ],
    packages: ["commander"],
    node: true,
  },

  // What a controller stands on, whatever it controls.
  { room: `${machinery}/queue`, node: ["node:timers/promises"] },
  { room: `${machinery}/events`, imports: [`${common}/k8s`], node: ["node:buffer", "node:crypto"] },
  { room: `${machinery}/leader`, imports: [`${common}/k8s`] },
  { room: `${machinery}/informer`, imports: [`${common}/k8s`], node: ["node:buffer"] },

  // A client of OCI registries: what is said, when to ask, whom to ask; and the connections.
  { room: `${registry}/protocol`, node: ["node:buffer", "node:crypto"] },
  { room: `${registry}/resilience` },
  {
    room: `${registry}/settings`,
    imports: [`${common}/k8s`, `${registry}/protocol`],
    node: ["node:buffer", "node:crypto", "node:path"],
  },
  {
    room: registry,
    imports: [`${common}/k8s`, `${registry}/protocol`, `${registry}/resilience`, `${registry}/settings`],
    packages: ["undici"],
    node: ["node:buffer", "node:events", "node:tls"],
  },
];
