// A token as the installation's own signer made it an hour ago: what an expired one looks like.
// usage: node old_token.js SIGNING_KEY_FILE TOKEN
import { sign } from "node:crypto";
import { readFileSync } from "node:fs";

const [file, token] = process.argv.slice(2);
const [header, payload] = token.split(".");
const claims = JSON.parse(Buffer.from(payload, "base64url"));
claims.iat -= 3600;
claims.exp -= 3600;
const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
console.log(JSON.stringify({ token: `${signed}.${sign(null, signed, readFileSync(file)).toString("base64url")}` }));
