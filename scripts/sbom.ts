// `npm run sbom`: builds an executable and prints what it, and so its image, is made of, as CycloneDX 1.5. `-- operator` is the
// operator's; without a name it is the webhook's.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Bom, type Executable, releasesIn, shippedOnly } from "./sbom/shipped.js";

const programs = ["webhook", "operator"];
const [program = "webhook", ...rest] = process.argv.slice(2);

if (!programs.includes(program) || rest.length > 0) {
  console.error(
    `unknown argument ${[program, ...rest].join(" ")}; usage: npm run sbom [-- ${programs.join("|")}]`,
  );
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(bomOf(program), undefined, 2)}\n`);
}

function bomOf(name: string): Bom {
  const folder = path.resolve(import.meta.dirname, `../packages/${name}`);
  execFileSync(process.execPath, [path.join(folder, "build.js")]);
  const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");
  const everything = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { version } = JSON.parse(read("package.json")) as Executable;
  const releases = releasesIn(read("dist/THIRD_PARTY_LICENSES.txt"));
  return shippedOnly(JSON.parse(everything) as Bom, releases, { name: `cocoon-${name}`, version });
}
