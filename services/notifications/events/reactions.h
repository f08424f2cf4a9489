#pragma once

#include "notifications/app/book.h"
#include "notifications/app/deliveries.h"
#include "notifications/app/messages.h"
#include "runtime/events/consumer.h"

// What this service does when it hears of something; each in a file of its own. Before the consumer starts.
namespace holdfast::notifications {

// Keeps this service's copies of the book up to date.
void follow_book(events::Consumer& consumer);

// Subscriptions that asked for it get a webhook.
void on_any_event(events::Consumer& consumer, const Webhooks& webhooks);

// Mails that wait for the morning hear of their tickets, so that they tell nothing that is over.
void keep_waiting_mails(events::Consumer& consumer);

// Somebody is told of what happened (app/mails.h). What is not known of an account or a member of staff yet is learned
// from the book's owner.
void send_mails(events::Consumer& consumer, const Desk& desk, const Learning& learn);

}  // namespace holdfast::notifications
