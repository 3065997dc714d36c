import type { WebhookConfiguration } from "../registration/index.js";

/** An entry of a configuration, as far as it says what it is asked about. */
interface Asked {
  readonly name: string;
  readonly matchConditions?: readonly unknown[];
}

type Contents = Pick<WebhookConfiguration, "webhooks">;

/**
 * The entries that an API server has stored without their match conditions, by name: one before Kubernetes 1.28 drops the
 * field without a word, and would ask about everything that the rules name.
 */
export function lostConditions(sent: Contents, stored: Contents): readonly string[] {
  const count = ({ matchConditions = [] }: Asked): number => matchConditions.length;
  const counts = new Map(entriesOf(stored).map((entry) => [entry.name, count(entry)]));
  return entriesOf(sent)
    .filter((entry) => count(entry) > (counts.get(entry.name) ?? 0))
    .map(({ name }) => name);
}

const entriesOf = ({ webhooks }: Contents): readonly Asked[] => webhooks as readonly Asked[];
