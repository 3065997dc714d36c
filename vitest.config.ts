import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { patienceMs } from "./test/support/eventually.js";

// The libraries are tested as source: the same mapping that tsconfig.json has in `paths`.
const alias = [
  ...["common", "machinery", "program"].map((name) => ({
    find: new RegExp(`^@cocoonstack/${name}/(.+)$`),
    replacement: fileURLToPath(new URL(`./packages/${name}/src/$1/index.ts`, import.meta.url)),
  })),
  {
    find: /^@cocoonstack\/registry$/,
    replacement: fileURLToPath(new URL("./packages/registry/src/index.ts", import.meta.url)),
  },
];

/** More than the two cores of a small machine: most of the tests wait for servers, signals and timers. The same for all projects, so that they share the workers. */
const maxWorkers = 3;

export default defineConfig({
  resolve: { alias },
  test: {
    expect: { poll: { timeout: patienceMs } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/{src,definition}/**/*.test.ts",
            "eslint/*.test.ts",
            "bench/**/*.test.ts",
            "test/controlplane/**/*.test.ts",
          ],
          // The quick loop: nothing here has state that another file could see, so the files share their workers.
          pool: "threads",
          isolate: false,
          benchmark: { include: ["bench/**/*.bench.ts"] },
          maxWorkers,
          // A property test of a second is one of ten where the cores are shared.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: [
            "test/{chaos,fuzz,integration,kill-anywhere,soak,support}/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          globalSetup: ["test/support/build-executable.ts"],
          testTimeout: 60_000,
          maxWorkers,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/support/build-executable.ts", "test/support/start-control-plane.ts"],
          // Each file has a control plane for itself (shared-control-plane.ts): webhook configurations are cluster-wide.
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
