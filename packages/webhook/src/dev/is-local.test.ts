import { expect, it } from "vitest";
import { isLocal } from "./is-local.js";

it.each<[string, string | undefined]>([
  ["https://127.0.0.1:6443", "anything"],
  ["https://127.8.8.8:6443", undefined],
  ["https://localhost:6443", "anything"],
  ["https://api.localhost", "anything"],
  ["https://[::1]:6443", "anything"],
  ["https://0.0.0.0:6550", "k3d-demo"],
  ["https://192.168.49.2:8443", "minikube"],
  ["https://127.0.0.1:41273", "kind-demo"],
  ["https://kubernetes.docker.internal:6443", "docker-desktop"],
  ["https://kubernetes.docker.internal:6443", "rancher-desktop"],
  ["https://k8s.orb.local:6443", "orbstack"],
])("%s with context %s is local", (server, context) => {
  expect(isLocal({ server, context })).toBe(true);
});

it.each<[string, string | undefined]>([
  ["https://10.0.0.7:6443", "production"],
  ["https://10.0.0.7:6443", undefined],
  ["https://api.example.com:6443", "kind-of-production"],
  ["https://10.0.0.7:6443", "kind-of-production"],
  ["https://172.18.0.3:6443", "kind-demo"],
  ["https://[fd00::3]:6443", "k3d-demo"],
  ["https://192.168.5.15:6443", "colima"],
  ["https://api.corp.internal:6443", "docker-desktop"],
  ["https://192.168.65.3:6443", "rancher-desktop"],
  ["https://kubernetes.docker.internal:6443", "production"],
  ["https://nas.local:6443", "orbstack"],
  ["https://k8s.orb.local:6443", "production"],
  ["https://10.0.0.7:6443", "minikube"],
  ["https://minikube.local:8443", "minikube"],
  ["https://203.0.113.5:6443", "minikube"],
  ["https://172.32.0.1:6443", "minikube"],
  ["https://ip-10-0-0-7.ec2.internal", "production"],
  ["https://192.168.49.2:8443", "my-minikube"],
  ["https://localhost.example.com", "production"],
  ["https://127.0.0.1.example.com", "production"],
])("%s with context %s is not", (server, context) => {
  expect(isLocal({ server, context })).toBe(false);
});
