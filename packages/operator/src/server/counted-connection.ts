import type { ClusterConnection } from "@cocoonstack/common/k8s";

/**
 * A connection whose requests are counted.
 *
 * @param onAnswer Told of the end of each request, with its status; 0 where there was no answer.
 */
export function countedConnection(
  connection: ClusterConnection,
  onAnswer: (verb: string, status: number) => void,
): ClusterConnection {
  const counting = async <T extends { readonly status: number }>(
    verb: string,
    call: Promise<T>,
  ): Promise<T> => {
    let status = 0;
    try {
      const answer = await call;
      status = answer.status;
      return answer;
    } finally {
      onAnswer(verb, status);
    }
  };
  return {
    server: connection.server,
    getJson: (path, call) => counting("GET", connection.getJson(path, call)),
    request: (asked) => counting(asked.method ?? "GET", connection.request(asked)),
    stream: (asked) => counting("WATCH", connection.stream(asked)),
    close: () => connection.close(),
  };
}
