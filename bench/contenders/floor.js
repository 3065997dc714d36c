// The least that an admission webhook on Node can do: a bare `node:https` server that reads the body and answers the same
// every time. With `parse` it also turns the body into an object, as everything that looks at a review must.
//
//   node floor.js constant|parse PORT CERT_FILE KEY_FILE
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { monitorEventLoopDelay } from "node:perf_hooks";

const [kind, port, certFile, keyFile] = process.argv.slice(2);
const parses = kind === "parse";
const answer = JSON.stringify({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  response: { uid: "00000000-0000-0000-0000-000000000000", allowed: true },
});

// The same watch on the event loop that the webhook has by its metrics, and the same way to ask for it.
const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
  if (request.method === "GET") {
    response.end(`nodejs_eventloop_lag_p99_seconds ${delay.percentile(99) / 1e9}\n`);
    delay.reset();
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    if (parses) JSON.parse(body.toString("utf8"));
    response
      .writeHead(200, { "Content-Type": "application/json", "Content-Length": answer.length })
      .end(answer);
  });
}).listen(Number(port), "127.0.0.1");
