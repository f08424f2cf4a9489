// Reads a topic from its beginning with kafkajs and prints one JSON line an event, until it has seen `count` of them.
// usage: node consume.js BROKERS TOPIC COUNT
import { Kafka, logLevel } from "kafkajs";

const [brokers, topic, count] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "story", brokers: brokers.split(","), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `story-${process.pid}`, maxWaitTimeInMs: 100 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });

let seen = 0;
await consumer.run({
  eachMessage: async ({ message }) => {
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));
    console.log(JSON.stringify({ key: message.key.toString(), bytes: message.value.length, headers }));
    seen += 1;
    if (seen === Number(count)) setImmediate(() => consumer.disconnect().then(() => process.exit(0)));
  },
});
