#pragma once

#include "command_line/verb.h"

// Verbs that are more than one RPC.
namespace holdfast::command_line {

// Makes a tenant and keeps its key in the state folder, for the verbs that follow.
Verb create_agency_verb();
// Brings in an agency's book and waits until it is in.
Verb import_verb();
// Shows the outage card of whatever is named.
Verb lookup_verb();
// Works out the dates of one contract, or of a file of cases.
Verb preview_contracts_verb();
// Works out what SLA clocks say, for a file of cases.
Verb preview_sla_verb();
// Moves the business clock from due instant to due instant, waiting in between until all that follows has happened.
Verb advance_clock_verb();
// Prints events as Kafka has them.
Verb tail_events_verb();
// Prints a script that completes verbs and flags in a shell.
Verb completion_verb();

}  // namespace holdfast::command_line
