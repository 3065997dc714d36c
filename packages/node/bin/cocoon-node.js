#!/usr/bin/env node
// What npm links as `cocoon-node`. It is committed, while the bundle is built later: npm leaves out the link to a file that is
// not there when it installs, and `npx cocoon-node` would then ask the public registry for a package of that name.
import { existsSync } from "node:fs";

const bundle = new URL("../dist/cocoon-node.js", import.meta.url);

if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  process.stderr.write("cocoon-node: not built yet: run 'npm run build' in the repository first\n");
  process.exitCode = 1;
}
