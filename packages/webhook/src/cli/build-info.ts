import type { BuildInfo } from "../server/index.js";

/** Set by build.js. */
declare const __BUILD_INFO__: BuildInfo | undefined;

/** The version and commit of this executable; placeholders where the sources run unbundled, in tests. */
export const buildInfo: BuildInfo =
  typeof __BUILD_INFO__ === "undefined" ? { version: "0.0.0-source", commit: "unknown" } : __BUILD_INFO__;
