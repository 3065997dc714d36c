// `npm run sbom`: prints what the webhook's executable, and so its image, is made of, as CycloneDX 1.5.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Bom, type Executable, releasesIn, shippedOnly } from "./sbom/shipped.js";

const webhook = path.resolve(import.meta.dirname, "../packages/webhook");
const read = (file: string): string => readFileSync(path.join(webhook, file), "utf8");

const everything = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  stdio: ["ignore", "pipe", "ignore"],
});
const { version } = JSON.parse(read("package.json")) as Executable;
const bom = shippedOnly(JSON.parse(everything) as Bom, releasesIn(read("dist/THIRD_PARTY_LICENSES.txt")), {
  name: "cocoon-webhook",
  version,
});
process.stdout.write(`${JSON.stringify(bom, undefined, 2)}\n`);
