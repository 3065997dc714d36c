import type { ApiResponse, ControlPlane } from "../controlplane/index.js";
import { until } from "./eventually.js";
import { must } from "./registered-webhook.js";
import { runExecutable } from "./webhook-process.js";

/** A request that a policy refuses once it is in effect; it has to be a dry run. */
export type Canary = () => Promise<ApiResponse>;

/** What an API server says of a request that an admission policy refused. */
export interface Refusal {
  readonly policy: string;
  /** The policy's own words. */
  readonly message: string;
}

/** Undefined where no admission policy refused the request. */
export function refusalOf({ status, body }: ApiResponse): Refusal | undefined {
  const text = status === 403 ? (body as { readonly message?: string }).message : undefined;
  const match = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request: (.*)$/s.exec(
    text ?? "",
  );
  return match === null ? undefined : { policy: match[1] ?? "", message: match[2] ?? "" };
}

/** Applies what `cocoon-webhook manifests --admission-policies only` prints, and returns it. */
export async function installAdmissionPolicies(
  plane: ControlPlane,
  ...options: readonly string[]
): Promise<string> {
  const printed = await runExecutable(["manifests", "--admission-policies", "only", ...options]);
  if (printed.code !== 0) throw new Error(printed.stderr);
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: printed.stdout }));
  return printed.stdout;
}

export const removeAdmissionPolicies = (plane: ControlPlane): Promise<string> =>
  must(
    plane.kubectl([
      ...["delete", "validatingadmissionpolicies,validatingadmissionpolicybindings"],
      ...["-l", "app.kubernetes.io/part-of=cocoon-webhook"],
    ]),
  );

/** A policy takes effect within seconds: each is there when it has refused its canary. */
export async function untilInEffect(canaries: Readonly<Record<string, Canary>>): Promise<void> {
  for (const [policy, canary] of Object.entries(canaries)) {
    const isRefused = (answer: ApiResponse): boolean => refusalOf(answer)?.policy === policy;
    await until(`${policy} is not in effect`, canary, isRefused);
  }
}
