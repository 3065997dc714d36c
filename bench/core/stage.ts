import { writeFileSync } from "node:fs";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import type { Contender, Running, Stage } from "../contenders/contender.js";

/** A certificate for this machine, in files. */
export async function setStage(folder: string, kubeconfig?: string): Promise<Stage> {
  const pair = await generateSelfSignedCert("localhost", "127.0.0.1");
  const [certFile, keyFile] = [path.join(folder, "tls.crt"), path.join(folder, "tls.key")];
  writeFileSync(certFile, pair.certPem);
  writeFileSync(keyFile, pair.keyPem, { mode: 0o600 });
  return { folder, certFile, keyFile, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
}

/** Starts contenders, does something with them, and stops them whatever comes of it. */
export async function onStage<T>(
  folder: string,
  contenders: readonly Contender[],
  act: (running: readonly Running[]) => Promise<T>,
  kubeconfig?: string,
): Promise<T> {
  const stage = await setStage(folder, kubeconfig);
  const running: Running[] = [];
  try {
    for (const contender of contenders) running.push(await contender.start(stage));
    return await act(running);
  } finally {
    await Promise.all(running.map((contender) => contender[Symbol.asyncDispose]()));
  }
}
