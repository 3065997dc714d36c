import js from "@eslint/js";
import tseslint from "typescript-eslint";
import { boundaries } from "./eslint/boundaries.js";
import { rooms } from "./eslint/rooms.js";

const tests = ["**/*.test.ts", "test/**/*.ts"];

export default tseslint.config(
  { ignores: ["**/dist/", "site/", "**/node_modules/", "**/*.generated.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      complexity: ["error", 10],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      // `import { type T }` alone would stay behind as an import at run time.
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers in messages are read by people as they are; everything else still has to be turned into a string.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-console": "error",
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: tests,
    plugins: { cocoon: { rules: { boundaries } } },
    rules: { "cocoon/boundaries": ["error", rooms] },
  },
  {
    // Globals that need no import, and reach the clock, the network or the process all the same.
    files: [
      "packages/common/src/{apis,internal,meta}/**/*.ts",
      "packages/node/src/vm/**/*.ts",
      "packages/operator/src/{hibernations,model,pods,sets,sleep}/**/*.ts",
      "packages/registry/src/{protocol,resilience,settings}/**/*.ts",
      "packages/program/src/{terminal,words}/**/*.ts",
      "packages/webhook/src/{check,manifests,policy,registration,report,rules}/**/*.ts",
    ],
    ignores: tests,
    rules: {
      "no-restricted-globals": [
        "error",
        ...["Date", "fetch", "performance", "process", "queueMicrotask"],
        ...["setImmediate", "setInterval", "setTimeout"],
      ],
    },
  },
  {
    // Programs that people watch in a terminal print to it.
    files: ["bench/**", "test/**/*.ts", "scripts/**", "packages/*/build.js", "packages/program/bundle.js"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly" },
    },
  },
);
