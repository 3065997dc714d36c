import { outsideStrings } from "./outside-strings.js";

/** Follows a text line by line, to know where a JSON object in it ends. What is not JSON never ends. */
export class JsonRow {
  #state: "before" | "within" | "after" | "not-json" = "before";
  #depth = 0;

  read(line: string): void {
    if (this.#state === "not-json" || line.trim() === "") return;
    const begins = this.#state === "before" && line.trimStart().startsWith("{");
    this.#state = begins || this.#state === "within" ? this.#within(line) : "not-json";
  }

  /** Whether an object has ended, and another begins with this line. */
  isFollowedBy(line: string): boolean {
    return this.#state === "after" && line.trimStart().startsWith("{");
  }

  #within(line: string): "within" | "after" | "not-json" {
    for (const [mark] of outsideStrings(line, /["{}]/g)) {
      // No line of JSON ends within a string.
      if (mark === '"') return "not-json";
      if (mark === "{") this.#depth++;
      if (mark === "}") this.#depth--;
    }
    if (this.#depth > 0) return "within";
    return line.trimEnd().endsWith("}") ? "after" : "not-json";
  }
}
