// Many calls with @grpc/grpc-js, from the .proto files alone, one after the other.
// usage: node calls.js PROTO_FOLDER < REQUESTS   one JSON document a line: {address, path, key, metadata, request}, or
//                                                {bytes} (base64) in place of the request; prints what came of each:
//                                                {answer}, or {code, reason, fields, details}
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import grpc from "@grpc/grpc-js";
import protobuf from "protobufjs";

const [folder] = process.argv.slice(2);

function protos(under) {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = join(under, entry.name);
    return entry.isDirectory() ? protos(path) : path.endsWith(".proto") ? [path] : [];
  });
}

const root = new protobuf.Root();
const libraries = dirname(createRequire(import.meta.url).resolve("protobufjs/package.json"));
root.resolvePath = (_origin, target) => join(target.startsWith("google/protobuf/") ? libraries : folder, target);
root.loadSync([...protos("holdfast"), ...protos("google/rpc")]);
root.resolveAll();

function* services(space) {
  for (const child of space.nestedArray ?? []) {
    if (child instanceof protobuf.Service) yield child;
    else if (child instanceof protobuf.Namespace) yield* services(child);
  }
}

const methods = new Map();
for (const service of services(root.lookup("holdfast"))) {
  for (const method of service.methodsArray) {
    methods.set(`${service.fullName.slice(1)}/${method.name}`, method.resolve());
  }
}

const names = { OK: 0, ...grpc.status };
const code = (number) => Object.keys(names).find((name) => names[name] === number);

// What stands in the status's details.
function explained(error) {
  const explanation = { code: code(error.code), reason: "", fields: [], details: error.details };
  const binary = error.metadata?.get("grpc-status-details-bin")[0];
  if (!binary) return explanation;
  for (const any of root.lookupType("google.rpc.Status").decode(binary).details) {
    const type = root.lookupType(any.type_url.split("/").pop());
    const detail = type.toObject(type.decode(any.value), { defaults: true });
    if (type.name === "ErrorInfo") explanation.reason = detail.reason;
    if (type.name === "BadRequest") explanation.fields = detail.fieldViolations.map((violation) => violation.field);
  }
  return explanation;
}

const clients = new Map();
function clientFor(address) {
  if (!clients.has(address)) clients.set(address, new grpc.Client(address, grpc.credentials.createInsecure()));
  return clients.get(address);
}

function call({ address, path, key, metadata, request, bytes }) {
  const method = methods.get(path);
  const type = method.resolvedRequestType;
  const encoded = bytes === undefined ? type.encode(type.fromObject(request)).finish() : Buffer.from(bytes, "base64");
  const headers = new grpc.Metadata();
  if (key) headers.set("authorization", `Bearer ${key}`);
  for (const [name, value] of Object.entries(metadata ?? {})) headers.set(name, value);
  return new Promise((resolve) => {
    clientFor(address).makeUnaryRequest(
      `/${path}`, (given) => Buffer.from(given), (given) => given, encoded, headers, { deadline: Date.now() + 30000 },
      (error, answer) => {
        if (error) return resolve(explained(error));
        const decoded = method.resolvedResponseType.decode(answer);
        const options = { enums: String, longs: Number, defaults: true, arrays: true };
        return resolve({ answer: method.resolvedResponseType.toObject(decoded, options) });
      },
    );
  });
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(JSON.stringify(await call(JSON.parse(line))));
}
for (const client of clients.values()) client.close();
