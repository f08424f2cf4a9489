// A subscriber to webhooks: verifies each with standardwebhooks, reads it with cloudevents, answers as it was told, and
// prints one JSON line a request. The first line is its port. Each line on stdin, {"secrets": […], "answers": […]}, says
// by which secrets it verifies and with which statuses it answers next, one a request; 200 when they are used up.
// usage: node receive.js
import http from "node:http";
import readline from "node:readline";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

let secrets = [];
let answers = [];

const verifies = (secret, body, headers) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const verified = secrets.map((secret) => verifies(secret, body, request.headers));
  const event = HTTP.toEvent({ headers: request.headers, body });
  const status = answers.shift() ?? 200;
  response.writeHead(status).end("noted");
  console.log(JSON.stringify({ webhookId: request.headers["webhook-id"], verified, status, event }));
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const told = JSON.parse(line);
  secrets = told.secrets ?? secrets;
  answers = told.answers ?? answers;
  console.log(JSON.stringify({ told }));
}).on("close", () => process.exit(0));
