import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";

/** Reads the sample that Node's metrics call `nodejs_eventloop_lag_p99_seconds`, in milliseconds. Reading starts it anew. */
export async function readLoopDelayMs(url: string): Promise<number | undefined> {
  const body = await getText(url);
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function getText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith("https:") ? httpsGet : httpGet;
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("error", reject);
      response.on("end", () => {
        resolve(body);
      });
    }).on("error", reject);
  });
}
