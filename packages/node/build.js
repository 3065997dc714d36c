import { bundle } from "../program/bundle.js";

await bundle({ folder: import.meta.dirname, name: "cocoon-node" });
