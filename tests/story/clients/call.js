// Calls one method with @grpc/grpc-js, from the .proto files alone, and prints the answer or the status as JSON.
// usage: node call.js ADDRESS PROTO_FOLDER PROTO_FILE SERVICE METHOD KEY REQUEST_JSON
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, folder, file, service, method, key, request] = process.argv.slice(2);
const definition = loader.loadSync(file, { includeDirs: [folder], keepCase: false, enums: String, defaults: true });
const constructor = service.split(".").reduce((scope, name) => scope[name], grpc.loadPackageDefinition(definition));
const client = new constructor(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
if (key) metadata.set("authorization", `Bearer ${key}`);
client[method](JSON.parse(request), metadata, { deadline: Date.now() + 20000 }, (error, answer) => {
  console.log(JSON.stringify(error ? { code: grpc.status[error.code], details: error.details } : answer));
  client.close();
});
