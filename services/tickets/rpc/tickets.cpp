#include "tickets/rpc/tickets.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

void serve_tickets(command::Commands& rpc, const AccountsOwner& accounts, const StaffOwner& staff) {
  rpc.command("OpenTicket", open_ticket, accounts.learner(&OpenTicket::account_id));
  rpc.command("AssignTicket", assign_ticket, staff.learner(&AssignTicket::owner_id));
  rpc.command("LinkCarrierTicket", link_carrier_ticket);
  rpc.command("PauseTicket", pause_ticket);
  rpc.command("ResumeTicket", resume_ticket);
  rpc.command("ResolveTicket", resolve_ticket);
  rpc.command("CloseTicket", close_ticket);
  rpc.command("ReopenTicket", reopen_ticket);
  rpc.command("CancelTicket", cancel_ticket);
  rpc.query("GetTicket", get_ticket);
  rpc.query("ListTickets", list_tickets);
  rpc.query("ListStatusChanges", list_status_changes);
  rpc.query("ListPromises", list_promises);
  rpc.query("PreviewSla", preview_sla);
}

}  // namespace holdfast::tickets
