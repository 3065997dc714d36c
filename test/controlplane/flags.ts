import path from "node:path";

/** The ports of one control plane. */
export type Ports = Readonly<Record<"etcdClient" | "etcdPeer" | "apiServer" | "controllerManager", number>>;

/** The files of one control plane, by their paths. */
export interface Files {
  readonly etcdData: string;
  /** The API server puts its self-signed certificate here. */
  readonly apiServerCertificates: string;
  readonly controllerManagerCertificates: string;
  readonly tokens: string;
  /** Who may sign client certificates. */
  readonly clientCa: string;
  readonly serviceAccountPrivateKey: string;
  readonly serviceAccountPublicKey: string;
  /** Whom the API server shows itself as to webhooks. */
  readonly admissionConfiguration: string;
  readonly webhookClientKubeconfig: string;
  readonly auditPolicy: string;
  /** One JSON object a line, of `audit.k8s.io/v1`; a request stands there when it has been answered. */
  readonly auditLog: string;
}

/** Where everything lies in a control plane's folder. */
export function filesIn(folder: string): Files {
  const file = (name: string): string => path.join(folder, name);
  return {
    etcdData: file("etcd"),
    apiServerCertificates: file("kube-apiserver"),
    controllerManagerCertificates: file("kube-controller-manager"),
    tokens: file("tokens.csv"),
    clientCa: file("client-ca.crt"),
    serviceAccountPrivateKey: file("service-accounts.key"),
    serviceAccountPublicKey: file("service-accounts.pub"),
    admissionConfiguration: file("admission-configuration.json"),
    webhookClientKubeconfig: file("webhook-client.kubeconfig"),
    auditPolicy: file("audit-policy.json"),
    auditLog: file("audit.log"),
  };
}

/** The command line of etcd. */
export function etcdFlags(files: Files, ports: Ports): string[] {
  const client = `http://127.0.0.1:${ports.etcdClient}`;
  return [
    `--data-dir=${files.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    // The data goes with the folder, so there is nothing that a power cut could take.
    "--unsafe-no-fsync",
  ];
}

/** What kube-apiserver does besides what it always does. */
export interface ApiServerChoices {
  /** Whether it shows webhooks a certificate. */
  readonly showsCertificate: boolean;
  /** Further admission plugins, by their names. */
  readonly admissionPlugins: readonly string[];
}

/** The command line of kube-apiserver. */
export function apiServerFlags(
  files: Files,
  ports: Ports,
  { showsCertificate, admissionPlugins }: ApiServerChoices,
): string[] {
  return [
    ...(showsCertificate ? [`--admission-control-config-file=${files.admissionConfiguration}`] : []),
    ...(admissionPlugins.length > 0 ? [`--enable-admission-plugins=${admissionPlugins.join(",")}`] : []),
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    `--cert-dir=${files.apiServerCertificates}`,
    `--secure-port=${ports.apiServer}`,
    "--bind-address=127.0.0.1",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${files.serviceAccountPrivateKey}`,
    `--token-auth-file=${files.tokens}`,
    `--client-ca-file=${files.clientCa}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    // It refuses pods until a controller has made the namespace's default service account, which most tests do not run.
    "--disable-admission-plugins=ServiceAccount",
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    // Written before the answer goes out: whoever has the answer finds the request in the log.
    "--audit-log-mode=blocking",
  ];
}

/** The command line of kube-controller-manager. */
export function controllerManagerFlags(
  files: Files,
  ports: Ports,
  kubeconfig: string,
  controllers: readonly string[],
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${files.serviceAccountPrivateKey}`,
    // Each controller acts as its own service account, as in a real cluster: that is what an admission webhook sees.
    "--use-service-account-credentials",
    "--leader-elect=false",
    // Only for `/healthz`, which tells that the controllers run.
    `--cert-dir=${files.controllerManagerCertificates}`,
    `--secure-port=${ports.controllerManager}`,
    "--bind-address=127.0.0.1",
    `--controllers=${controllers.join(",")}`,
  ];
}
