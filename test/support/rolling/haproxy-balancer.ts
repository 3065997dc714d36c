import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../../controlplane/ports.js";
import { type Balancer, healthCheck } from "./balancer.js";

const configuration = (port: number, replicas: readonly number[]): string => `
global
  maxconn 4000
defaults
  mode tcp
  timeout connect 2s
  timeout client 10m
  timeout server 10m
  # As kube-proxy does: a connection that fails is the client's to open again.
  retries 0
frontend webhook
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET ${healthCheck.path}
  timeout check ${healthCheck.timeoutMs}ms
  default-server check check-ssl verify none inter ${healthCheck.intervalMs}ms fall ${healthCheck.fall} rise 1
${replicas.map((replica) => `  server port-${replica} 127.0.0.1:${replica}`).join("\n")}
`;

/** haproxy in TCP mode. */
export async function haproxyBalancer(replicas: readonly number[]): Promise<Balancer> {
  const { balancer: port } = await freePorts("balancer");
  const folder = await mkdtemp(path.join(tmpdir(), "haproxy-"));
  const file = path.join(folder, "haproxy.cfg");
  await writeFile(file, configuration(port, replicas));
  const child = spawn("haproxy", ["-db", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close");
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`haproxy ended: ${stderr}`);
    await delay(50);
  }
  // It takes every replica for ready until it has asked, and asks them one after the other.
  await delay((healthCheck.fall + 2) * healthCheck.intervalMs);
  const version = /version (\S+)/i.exec(spawnSync("haproxy", ["-v"], { encoding: "utf8" }).stdout)?.[1];
  return {
    kind: `haproxy ${version ?? ""}`,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
