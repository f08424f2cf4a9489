// Reads an AsyncAPI document as any tool for it would: prints its messages' names, or what is wrong with it.
// usage: node asyncapi.js FILE
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1;
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const faults = diagnostics.filter(({ severity }) => severity <= WARNING);
const lines = faults.map(({ message, path, range }) => `${range.start.line + 1}: ${path.join(".")}: ${message}`);
if (document && lines.length === 0) lines.push(...document.allMessages().all().map((message) => message.name()));
console.log(lines.join("\n"));
process.exitCode = document && faults.length === 0 ? 0 : 1;
