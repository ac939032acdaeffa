"""The English words for well-known events."""

from sayso.core.program.explain.events import EventWords, Nouns

A = Nouns("a {}", "each {}", "the last {}")
AN = Nouns("an {}", "each {}", "the last {}")

EVENTS: dict[str, EventWords] = {
    "purchase": EventWords(
        A, "purchase", "purchases", "makes a purchase", "bought", "bought nothing", "made {quantity}",
        "spends {amount}", "spent {amount}", "for every {money} spent",
    ),
    "signup": EventWords(
        A, "sign-up", "sign-ups", "signs up", "signed up", "did not sign up", "had {quantity}",
    ),
    "lead": EventWords(
        A, "contact request", "contact requests", "leaves their contact details", "left their contact details",
        "left no contact details", "made {quantity}",
    ),
    "lead_qualified": EventWords(
        A, "confirmed interest", "confirmed interests", "turns out to be a good fit", "turned out to be a good fit",
        "did not turn out to be a good fit", "had {quantity}",
    ),
    "meeting_held": EventWords(
        A, "meeting", "meetings", "meets us", "met us", "did not meet us", "had {quantity}",
    ),
    "contract_signed": EventWords(
        A, "contract", "contracts", "signs a contract", "signed a contract", "signed no contract", "signed {quantity}",
        "signs a contract worth {amount}", "signed contracts worth {amount}", "for every {money} of the contract",
    ),
    "refund": EventWords(
        A, "refund", "refunds", "receives a refund", "received a refund", "received no refund", "received {quantity}",
        "is refunded {amount}", "was refunded {amount}", "for every {money} refunded",
    ),
    "deposit": EventWords(
        A, "deposit", "deposits", "makes a deposit", "made a deposit", "made no deposit", "made {quantity}",
        "deposits {amount}", "deposited {amount}", "for every {money} deposited",
    ),
    "first_deposit": EventWords(
        A, "first deposit", "first deposits", "makes a first deposit", "made a first deposit",
        "made no first deposit", "made {quantity}", "makes a first deposit of {amount}", "",
        "for every {money} deposited",
    ),
    "account_opened": EventWords(
        AN, "account opening", "account openings", "opens an account", "opened an account", "opened no account",
        "had {quantity}",
    ),
    "card_activated": EventWords(
        A, "card activation", "card activations", "activates the card", "activated a card", "activated no card",
        "had {quantity}",
    ),
    "card_payment": EventWords(
        A, "card payment", "card payments", "pays with the card", "paid with the card", "did not pay with the card",
        "made {quantity}", "pays {amount} with the card", "paid {amount} with the card",
        "for every {money} paid with the card",
    ),
    "salary_received": EventWords(
        A, "salary payment", "salary payments", "has a salary paid in", "had a salary paid in",
        "had no salary paid in", "had {quantity}", "has a salary of {amount} paid in",
    ),
    "direct_debit_set_up": EventWords(
        A, "direct debit", "direct debits", "sets up a direct debit", "set up a direct debit",
        "set up no direct debit", "set up {quantity}",
    ),
    "invoice_paid": EventWords(
        A, "paid invoice", "paid invoices", "pays an invoice", "paid an invoice", "paid no invoice",
        "had {quantity}", "pays an invoice of {amount}", "paid invoices of {amount}",
        "for every {money} invoiced and paid",
    ),
    "subscription_started": EventWords(
        A, "new subscription", "new subscriptions", "takes out a subscription", "took out a subscription",
        "took out no subscription", "took out {quantity}", "takes out a subscription of {amount}",
    ),
    "subscription_renewed": EventWords(
        A, "renewal", "renewals", "renews the subscription", "renewed a subscription", "renewed no subscription",
        "had {quantity}", "renews the subscription for {amount}",
    ),
    "trial_started": EventWords(
        A, "free trial", "free trials", "starts a free trial", "started a free trial", "started no free trial",
        "started {quantity}",
    ),
    "survey_answered": EventWords(
        A, "survey answer", "survey answers", "answers a survey", "answered a survey", "answered no survey",
        "gave {quantity}",
    ),
    "review_written": EventWords(
        A, "review", "reviews", "writes a review", "wrote a review", "wrote no review", "wrote {quantity}",
    ),
    "coupon_redeemed": EventWords(
        A, "redeemed coupon", "redeemed coupons", "redeems a coupon", "redeemed a coupon", "redeemed no coupon",
        "had {quantity}",
    ),
    "points_spent": EventWords(
        A, "redemption", "redemptions", "spends points", "spent points", "spent no points", "made {quantity}",
    ),
    "cancelled": EventWords(
        A, "cancellation", "cancellations", "cancels", "cancelled", "did not cancel", "made {quantity}",
    ),
    "app_installed": EventWords(
        AN, "installation of the app", "installations of the app", "installs the app", "installed the app",
        "did not install the app", "had {quantity}",
    ),
    "profile_completed": EventWords(
        A, "completed profile", "completed profiles", "completes their profile", "completed their profile",
        "did not complete their profile", "had {quantity}",
    ),
    "birthday": EventWords(
        A, "birthday", "birthdays", "has a birthday", "had a birthday", "had no birthday", "had {quantity}",
    ),
    "visit": EventWords(A, "visit", "visits", "visits us", "visited us", "did not visit us", "made {quantity}"),
    "check_in": EventWords(
        A, "check-in", "check-ins", "checks in", "checked in", "did not check in", "made {quantity}",
    ),
    "class_attended": EventWords(
        A, "class", "classes", "attends a class", "attended a class", "attended no class",
        "attended {quantity}",
    ),
    "event_attended": EventWords(
        AN, "event", "events", "attends an event", "attended an event", "attended no event",
        "attended {quantity}",
    ),
    "session_attended": EventWords(
        A, "session", "sessions", "comes to a session", "came to a session", "came to no session",
        "attended {quantity}",
    ),
    "membership_paid": EventWords(
        A, "paid membership", "paid memberships", "pays the membership fee", "paid the membership fee",
        "did not pay the membership fee", "had {quantity}", "pays a membership fee of {amount}",
        "paid membership fees of {amount}", "for every {money} of membership fee",
    ),
    "login": EventWords(A, "login", "logins", "logs in", "logged in", "did not log in", "had {quantity}"),
}  # fmt: skip

UNKNOWN = EventWords(
    AN, "event {name}", "events {name}", "reaches {name}", "reached {name}", "did not reach {name}", "had {quantity}"
)
