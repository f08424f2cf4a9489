// Reads an .ics from stdin with ical.js and prints its events, one JSON line each.
// usage: node calendar.js < deadline.ics
import ICAL from "ical.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const calendar = new ICAL.Component(ICAL.parse(Buffer.concat(chunks).toString()));
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  console.log(JSON.stringify({
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    day: event.startDate.toString(),
    wholeDay: event.startDate.isDate,
    lastsDays: event.duration.toSeconds() / 86400,
    summary: event.summary,
  }));
}
