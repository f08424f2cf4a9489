"""What an agency does in its life: every RPC of the product at least once, in an order in which each is answered.

A step is (RPC, request, what of the answer is kept under which name). "$account" stands for what was kept under that
name, "{agency}" for the agency's own name, "{digits}" for digits that no other agency has.
"""

PLAN = {
    "term_clock": "TERM_CLOCK_INSTALL", "term_start": "2026-01-01", "term_months": 36,
    "end_of_term_action": "END_OF_TERM_ACTION_ROLL", "notice_value": 90, "notice_unit": "NOTICE_UNIT_CALENDAR_DAYS",
    "time_zone": "America/New_York",
}
BOOK = "Customer,Phone\n{agency} Imported,\n,555\n"
ACCOUNT = {"status": "ACCOUNT_STATUS_ACTIVE", "tier": "TIER_STANDARD", "owner_id": "$staff"}
CONTRACT = {"account_id": "$account", "carrier_name": "Lumen", "mrc": {"minor": 100, "currency": "USD"}, "plan": PLAN}
PRODUCT = {"account_id": "$account", "carrier_id": "$carrier"}
ORDER = {"account_id": "$account", "kind": "ORDER_KIND_PORT", "reference": "+1212555{digits}", "carrier_name": "Lumen",
         "state": "ORDER_STATE_ACKNOWLEDGED", "submitted_on": "2026-01-01", "version": 1}

AGENCY = [
    ("AgencyService/GetAgency", {}, {"agency": "id"}),
    ("AgencyService/AddStaff", {"name": "{agency} Lou", "email": "lou@{agency}.example", "time_zone": "America/Chicago"},
     {"staff": "id"}),
    ("AgencyService/GetStaff", {"id": "$staff"}, {}),
    ("AgencyService/CreateKey", {"name": "{agency} key", "permissions": ["tickets.read"]}, {"key": "id"}),
    ("AgencyService/CreateKey", {"name": "{agency} spare", "permissions": ["tickets.read"]},
     {"spare": "id", "secret": "key"}),
    ("AgencyService/ExchangeKey", {"key": "$secret"}, {}),
    ("AgencyService/RevokeKey", {"id": "$spare"}, {}),
]
BOOKS = [
    ("AccountService/CreateAccount", {**ACCOUNT, "name": "{agency} Trust", "number": "{agency}-1"}, {"account": "id"}),
    ("AccountService/CreateAccount", {**ACCOUNT, "name": "{agency} Annex", "parent_id": "$account"}, {"annex": "id"}),
    ("AccountService/GetAccount", {"id": "$account"}, {}),
    ("AccountService/ListAccounts", {}, {}),
    ("AccountService/ChangeAccount", {"id": "$account", "notes": "{agency} notes"}, {}),
    ("AccountService/AddLocation", {"account_id": "$account", "name": "{agency} HQ", "time_zone": "America/Chicago",
                                    "main_phone": "+1212555{digits}"}, {"location": "id"}),
    ("AccountService/AddLocation", {"account_id": "$account", "name": "{agency} Yard", "time_zone": "America/Chicago"}, {}),
    ("AccountService/GetLocation", {"id": "$location"}, {}),
    ("AccountService/ListLocations", {"account_id": "$account"}, {}),
    ("AccountService/ChangeLocation", {"id": "$location", "notes": "{agency} notes"}, {}),
    ("AccountService/AddContact", {"account_id": "$account", "name": "{agency} Ann", "location_ids": ["$location"]},
     {"contact": "id"}),
    ("AccountService/AddContact", {"account_id": "$account", "name": "{agency} Bo"}, {}),
    ("AccountService/GetContact", {"id": "$contact"}, {}),
    ("AccountService/ListContacts", {"account_id": "$account"}, {}),
    ("AccountService/ChangeContact", {"id": "$contact", "title": "{agency} manager", "location_ids": ["$location"]}, {}),
    ("AccountService/DescribeAccount", {"id": "$account"}, {}),
]
INVENTORY = [
    ("CarrierService/CreateCarrier", {"name": "{agency} Carrier"}, {"carrier": "id"}),
    ("CarrierService/CreateCarrier", {"name": "{agency} Wireless"}, {}),
    ("CarrierService/GetCarrier", {"id": "$carrier"}, {}),
    ("CarrierService/ListCarriers", {}, {}),
    ("CarrierService/ChangeCarrier", {"id": "$carrier", "notes": "{agency} notes"}, {}),
    ("CarrierService/AddCarrierContact", {"carrier_id": "$carrier", "function": "repair", "level": 1, "name": "{agency} desk",
                                          "phone": "+12125550100", "time_zone": "America/Chicago"}, {"repair": "id"}),
    ("CarrierService/AddCarrierContact", {"carrier_id": "$carrier", "function": "repair", "level": 2, "name": "{agency} chief",
                                          "phone": "+12125550100", "time_zone": "America/Chicago"}, {"chief": "id"}),
    ("CarrierService/ChangeCarrierContact", {"id": "$repair", "notes": "{agency} notes"}, {}),
    ("CarrierService/RemoveCarrierContact", {"id": "$chief"}, {}),
    ("CarrierService/ListCarrierContacts", {"carrier_id": "$carrier"}, {}),
    ("CarrierService/AddCarrierAccount", {"carrier_id": "$carrier", "account_id": "$account", "number": "{agency}-7"},
     {"carrier_account": "id"}),
    ("CarrierService/AddCarrierAccount", {"carrier_id": "$carrier", "account_id": "$account", "number": "{agency}-8"}, {}),
    ("CarrierService/ListCarrierAccounts", {"account_id": "$account"}, {}),
    ("ProductService/AddProduct", {**PRODUCT, "circuit_id": "{agency}/1", "location_id": "$location",
                                   "carrier_account_id": "$carrier_account"}, {"product": "id"}),
    ("ProductService/AddProduct", {**PRODUCT, "circuit_id": "{agency}/2"}, {"old_product": "id"}),
    ("ProductService/GetProduct", {"id": "$product"}, {}),
    ("ProductService/ListProducts", {"account_id": "$account"}, {}),
    ("ProductService/ChangeProduct", {"id": "$product", "notes": "{agency} notes"}, {}),
    ("ProductService/TerminateProduct", {"id": "$old_product", "terminated_on": "2026-02-01", "reason": "moved"}, {}),
    ("ProductService/SetVerification", {"product_id": "$product", "kind": "VERIFICATION_KIND_PIN",
                                        "value": "{agency}{digits}"}, {}),
    ("ProductService/SetVerification", {"carrier_account_id": "$carrier_account", "kind": "VERIFICATION_KIND_PIN",
                                        "value": "{agency}{digits}"}, {}),
    ("ProductService/ListVerifications", {"product_id": "$product"}, {}),
    ("ProductService/RevealVerification", {"product_id": "$product", "kind": "VERIFICATION_KIND_PIN",
                                           "reason": "asked by phone"}, {}),
    ("LookupService/LookUp", {"query": "{agency}/1"}, {}),
    ("LookupService/GetOutageCard", {"account_id": "$account"}, {}),
]
CONTRACTS = [
    ("ContractService/CreateContract", {**CONTRACT, "number": "{agency}-1", "location_id": "$location"}, {"contract": "id"}),
    ("ContractService/CreateContract", {**CONTRACT, "number": "{agency}-2"}, {"left": "id"}),
    ("ContractService/CreateContract", {**CONTRACT, "number": "{agency}-3"}, {"stayed": "id"}),
    ("ContractService/GetContract", {"id": "$contract"}, {}),
    ("ContractService/ListContracts", {"account_id": "$account"}, {}),
    ("ContractService/AmendContract", {"id": "$contract", "number": "{agency}-1b", "reason": "{agency} reason"}, {}),
    ("ContractService/SnoozeReminders", {"id": "$contract", "until": "2027-01-31"}, {}),
    ("ContractService/SendNotice", {"id": "$left", "method": "portal"}, {}),
    ("ContractService/AcknowledgeNotice", {"id": "$left", "reference": "{agency}"}, {}),
    ("ContractService/TerminateContract", {"id": "$left", "last_day": "2027-01-31", "reason": "moved"}, {}),
    ("ContractService/DecideToStay", {"id": "$stayed"}, {}),
    ("ContractService/ListTerms", {"contract_id": "$contract"}, {}),
    ("ContractService/ListReminders", {"contract_id": "$contract"}, {}),
    ("ContractService/ImportContracts", {"contracts": [
        {**CONTRACT, "id": "$imported", "number": "{agency}-4", "account_name": "{agency} Trust"}]}, {}),
    ("ContractService/PreviewTerm", {"plan": PLAN}, {}),
    ("ContractService/ListDeadlines", {"within_days": 3660}, {}),
    ("OrderService/ImportOrders", {"orders": [{**ORDER, "id": "$ordered"}, {**ORDER, "id": "$ordered_too"}]}, {}),
    ("OrderService/ListOrders", {"account_id": "$account"}, {}),
]
TICKETS = [
    ("SubscriptionService/CreateSubscription", {"callback_url": "$target", "description": "{agency} hears",
                                                "event_names": ["ticket-opened"], "account_ids": ["$account"]},
     {"subscription": "subscription.id"}),
    ("TicketService/OpenTicket", {"account_id": "$account", "location_id": "$location", "contact_id": "$contact",
                                  "name": "{agency} is down", "priority": "PRIORITY_P1"}, {"ticket": "id"}),
    ("TicketService/OpenTicket", {"account_id": "$account", "name": "{agency} is slow", "priority": "PRIORITY_P3"},
     {"closed": "id"}),
    ("TicketService/OpenTicket", {"account_id": "$account", "name": "{agency} is loud", "priority": "PRIORITY_P4"},
     {"cancelled": "id"}),
    ("TicketService/GetTicket", {"id": "$ticket"}, {}),
    ("TicketService/ListTickets", {"account_id": "$account"}, {}),
    ("TicketService/AssignTicket", {"id": "$ticket", "owner_id": "$staff"}, {}),
    ("TicketService/LinkCarrierTicket", {"id": "$ticket", "carrier": "Lumen", "carrier_ticket": "{agency}-99"}, {}),
    ("TicketService/PauseTicket", {"id": "$ticket", "reason": "PAUSE_REASON_PENDING_CUSTOMER"}, {}),
    ("TicketService/ResumeTicket", {"id": "$ticket"}, {}),
    ("TicketService/AssignTicket", {"id": "$closed", "owner_id": "$staff"}, {}),
    ("TicketService/ResolveTicket", {"id": "$closed", "resolution": "{agency} rebooted"}, {}),
    ("TicketService/ReopenTicket", {"id": "$closed"}, {}),
    ("TicketService/ResolveTicket", {"id": "$closed", "resolution": "{agency} rebooted"}, {}),
    ("TicketService/CloseTicket", {"id": "$closed"}, {}),
    ("TicketService/CancelTicket", {"id": "$cancelled"}, {}),
    ("TicketService/ListStatusChanges", {"ticket_id": "$ticket"}, {}),
    ("TicketService/ListPromises", {"ticket_id": "$ticket"}, {}),
    ("TicketService/PreviewSla", {"calendar": {"time_zone": "America/New_York"}, "target_minutes": 60,
                                  "start": "2026-01-05T09:00:00Z"}, {}),
]
TOLD = [
    ("SubscriptionService/CreateSubscription", {"callback_url": "$target", "event_names": ["staff-changed"]},
     {"gone": "subscription.id"}),
    ("SubscriptionService/GetSubscription", {"id": "$subscription"}, {}),
    ("SubscriptionService/ListSubscriptions", {}, {}),
    ("SubscriptionService/ChangeSubscription", {"id": "$subscription", "description": "{agency} listens",
                                                "account_ids": ["$account"]}, {}),
    ("SubscriptionService/RotateSecret", {"id": "$subscription"}, {}),
    ("SubscriptionService/PauseSubscription", {"id": "$subscription"}, {}),
    ("SubscriptionService/ResumeSubscription", {"id": "$subscription"}, {}),
    ("SubscriptionService/DeleteSubscription", {"id": "$gone"}, {}),
    ("DeliveryService/ListDeliveries", {"subscription_id": "$subscription", "state": "DELIVERY_STATE_DELIVERED"},
     {"delivery": "deliveries.0.id"}),
    ("DeliveryService/GetDelivery", {"id": "$delivery"}, {}),
    ("DeliveryService/ReplayDeliveries", {"subscription_id": "$subscription", "delivery_id": "$delivery"}, {}),
    ("MessageService/ListMessages", {}, {"message": "messages.0.id"}),
    ("MessageService/GetMessage", {"id": "$message"}, {}),
]
IMPORTS = [
    ("ImportService/CreateImport", {"files": [{"name": "{agency}.csv", "size_bytes": "$book_bytes"}]}, {"import": "id"}),
    ("ImportService/AppendImport", {"id": "$import", "data": "$book"}, {}),
    ("ImportService/CreateImport", {"files": [{"name": "{agency}.csv", "size_bytes": "$book_bytes"}]}, {"waiting": "id"}),
    ("ImportService/AppendImport", {"id": "$waiting", "data": "$book"}, {}),
    ("ImportService/ProposeMapping", {"id": "$import"}, {}),
    ("ImportService/StartImport", {"id": "$import", "owner_id": "$staff"}, {}),
    ("ImportService/GetImport", {"id": "$import"}, {"_": "finished_at"}),
    ("ImportService/ListImportRows", {"id": "$import"}, {"_": "rows.1.row"}),
    ("ImportService/GetImportRejects", {"id": "$import"}, {}),
]
OPERATIONS = [
    ("OperationsService/GetClock", {}, {}),
    ("OperationsService/GetQuiescence", {}, {}),
    ("OperationsService/Verify", {}, {}),
    ("OperationsService/ListDeadLetters", {"service": "notifications"},
     {"event": "dead_letters.0.event_id", "handler": "dead_letters.0.handler"}),
]
STEPS = AGENCY + BOOKS + INVENTORY + CONTRACTS + TICKETS + TOLD + IMPORTS + OPERATIONS
# Those that are refused here, whoever asks: nothing of it is a step, and each is asked in another agency's name as well.
REFUSED = [
    ("AgencyService/CreateAgency", {"name": "{agency} Two", "time_zone": "America/Chicago", "staff_name": "Lou",
                                    "staff_email": "lou@{agency}.example"}, "PERMISSION_DENIED"),
    ("OperationsService/SetClock", {"business_now": "2030-01-01T00:00:00Z"}, "CLOCK_NOT_MOVABLE"),
    ("OperationsService/RedriveDeadLetter", {"service": "notifications", "handler": "$handler", "event_id": "$event"},
     "ACCOUNT_NOT_FOUND"),
]
LAST = [("OperationsService/RedriveDeadLetters",
         {"service": "notifications", "handler": "$handler", "topic": "holdfast.tickets"}, {})]
