import type { LicenceRules } from "./judge.js";

/** Licences that ask for no more than to be named, which the executables' THIRD_PARTY_LICENSES.txt does. */
export const licenceRules: LicenceRules = {
  allowed: [
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Python-2.0",
    "Unlicense",
  ],
  exceptions: [
    {
      packages: "lightningcss",
      licence: "MPL-2.0",
      reason: "comes with vitest, is used unchanged in tests alone, and is in no package and no image",
    },
  ],
};
