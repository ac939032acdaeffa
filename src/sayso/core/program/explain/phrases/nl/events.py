"""The Dutch words for well-known events; what somebody does ends with its verb."""

from sayso.core.program.explain.events import EventWords, Nouns

DE = Nouns("een {}", "elke {}", "de laatste {}")
HET = Nouns("een {}", "elk {}", "het laatste {}")

EVENTS: dict[str, EventWords] = {
    "purchase": EventWords(
        DE, "aankoop", "aankopen", "een aankoop doet", "iets heeft gekocht", "niets heeft gekocht",
        "{quantity} heeft gedaan", "{amount} besteedt", "{amount} heeft besteed", "voor elke {money} aan aankopen",
    ),
    "signup": EventWords(
        DE, "aanmelding", "aanmeldingen", "zich aanmeldt", "lid is geworden", "geen lid is geworden",
        "{quantity} heeft",
    ),
    "lead": EventWords(
        DE, "contactaanvraag", "contactaanvragen", "contactgegevens achterlaat", "contactgegevens heeft achtergelaten",
        "geen contactgegevens heeft achtergelaten", "{quantity} heeft gedaan",
    ),
    "lead_qualified": EventWords(
        DE, "bevestigde interesse", "bevestigde interesses", "goed bij ons blijkt te passen",
        "goed bij ons bleek te passen", "niet goed bij ons bleek te passen", "{quantity} heeft",
    ),
    "meeting_held": EventWords(
        HET, "gesprek", "gesprekken", "met ons in gesprek gaat", "met ons in gesprek is gegaan",
        "niet met ons in gesprek is gegaan", "{quantity} heeft gehad",
    ),
    "contract_signed": EventWords(
        HET, "contract", "contracten", "een contract tekent", "een contract heeft getekend",
        "geen contract heeft getekend", "{quantity} heeft getekend", "een contract van {amount} tekent",
        "contracten voor {amount} heeft getekend", "voor elke {money} van het contract",
    ),
    "refund": EventWords(
        DE, "terugbetaling", "terugbetalingen", "een terugbetaling krijgt", "een terugbetaling heeft gekregen",
        "geen terugbetaling heeft gekregen", "{quantity} heeft gekregen", "{amount} terugkrijgt",
        "{amount} heeft teruggekregen", "voor elke {money} aan terugbetalingen",
    ),
    "deposit": EventWords(
        DE, "storting", "stortingen", "een storting doet", "een storting heeft gedaan", "geen storting heeft gedaan",
        "{quantity} heeft gedaan", "{amount} stort", "{amount} heeft gestort", "voor elke {money} aan stortingen",
    ),
    "first_deposit": EventWords(
        DE, "eerste storting", "eerste stortingen", "een eerste storting doet", "een eerste storting heeft gedaan",
        "geen eerste storting heeft gedaan", "{quantity} heeft gedaan", "een eerste storting van {amount} doet", "",
        "voor elke {money} aan stortingen",
    ),
    "account_opened": EventWords(
        DE, "geopende rekening", "geopende rekeningen", "een rekening opent", "een rekening heeft geopend",
        "geen rekening heeft geopend", "{quantity} heeft",
    ),
    "card_activated": EventWords(
        DE, "geactiveerde kaart", "geactiveerde kaarten", "de kaart activeert", "een kaart heeft geactiveerd",
        "geen kaart heeft geactiveerd", "{quantity} heeft",
    ),
    "card_payment": EventWords(
        DE, "kaartbetaling", "kaartbetalingen", "met de kaart betaalt", "met de kaart heeft betaald",
        "niet met de kaart heeft betaald", "{quantity} heeft gedaan", "{amount} met de kaart betaalt",
        "{amount} met de kaart heeft betaald", "voor elke {money} aan kaartbetalingen",
    ),
    "salary_received": EventWords(
        DE, "salarisstorting", "salarisstortingen", "salaris laat storten", "salaris heeft laten storten",
        "geen salaris heeft laten storten", "{quantity} heeft ontvangen", "een salaris van {amount} laat storten",
    ),
    "direct_debit_set_up": EventWords(
        DE, "automatische incasso", "automatische incasso’s", "een automatische incasso instelt",
        "een automatische incasso heeft ingesteld", "geen automatische incasso heeft ingesteld",
        "{quantity} heeft ingesteld",
    ),
    "invoice_paid": EventWords(
        DE, "betaalde factuur", "betaalde facturen", "een factuur betaalt", "een factuur heeft betaald",
        "geen factuur heeft betaald", "{quantity} heeft", "een factuur van {amount} betaalt",
        "facturen voor {amount} heeft betaald", "voor elke {money} aan betaalde facturen",
    ),
    "subscription_started": EventWords(
        HET, "nieuw abonnement", "nieuwe abonnementen", "een abonnement neemt", "een abonnement heeft genomen",
        "geen abonnement heeft genomen", "{quantity} heeft genomen", "een abonnement van {amount} neemt",
    ),
    "subscription_renewed": EventWords(
        DE, "verlenging", "verlengingen", "het abonnement verlengt", "een abonnement heeft verlengd",
        "geen abonnement heeft verlengd", "{quantity} heeft", "het abonnement voor {amount} verlengt",
    ),
    "trial_started": EventWords(
        DE, "gratis proefperiode", "gratis proefperiodes", "een gratis proefperiode begint",
        "een gratis proefperiode is begonnen", "geen gratis proefperiode is begonnen", "{quantity} is begonnen",
    ),
    "survey_answered": EventWords(
        DE, "ingevulde enquête", "ingevulde enquêtes", "een enquête invult", "een enquête heeft ingevuld",
        "geen enquête heeft ingevuld", "{quantity} heeft",
    ),
    "review_written": EventWords(
        DE, "recensie", "recensies", "een recensie schrijft", "een recensie heeft geschreven",
        "geen recensie heeft geschreven", "{quantity} heeft geschreven",
    ),
    "coupon_redeemed": EventWords(
        DE, "ingewisselde kortingsbon", "ingewisselde kortingsbonnen", "een kortingsbon inwisselt",
        "een kortingsbon heeft ingewisseld", "geen kortingsbon heeft ingewisseld", "{quantity} heeft",
    ),
    "points_spent": EventWords(
        DE, "verzilvering", "verzilveringen", "punten uitgeeft", "punten heeft uitgegeven",
        "geen punten heeft uitgegeven", "{quantity} heeft gedaan",
    ),
    "cancelled": EventWords(
        DE, "opzegging", "opzeggingen", "opzegt", "heeft opgezegd", "niet heeft opgezegd", "{quantity} heeft gedaan",
    ),
    "app_installed": EventWords(
        DE, "installatie van de app", "installaties van de app", "de app installeert", "de app heeft geïnstalleerd",
        "de app niet heeft geïnstalleerd", "{quantity} heeft gedaan",
    ),
    "profile_completed": EventWords(
        HET, "volledig profiel", "volledige profielen", "het eigen profiel aanvult",
        "het eigen profiel heeft aangevuld",
        "het eigen profiel niet heeft aangevuld", "{quantity} heeft",
    ),
    "birthday": EventWords(
        DE, "verjaardag", "verjaardagen", "jarig is", "jarig is geweest", "niet jarig is geweest",
        "{quantity} heeft gehad",
    ),
    "visit": EventWords(
        HET, "bezoek", "bezoeken", "bij ons langskomt", "bij ons is langsgekomen", "niet bij ons is langsgekomen",
        "{quantity} heeft gebracht",
    ),
    "check_in": EventWords(
        DE, "check-in", "check-ins", "incheckt", "heeft ingecheckt", "niet heeft ingecheckt", "{quantity} heeft gedaan",
    ),
    "class_attended": EventWords(
        DE, "les", "lessen", "een les volgt", "een les heeft gevolgd", "geen les heeft gevolgd",
        "{quantity} heeft gevolgd",
    ),
    "event_attended": EventWords(
        HET, "evenement", "evenementen", "een evenement bezoekt", "een evenement heeft bezocht",
        "geen evenement heeft bezocht", "{quantity} heeft bezocht",
    ),
    "session_attended": EventWords(
        DE, "sessie", "sessies", "een sessie bijwoont", "een sessie heeft bijgewoond",
        "geen sessie heeft bijgewoond", "{quantity} heeft bijgewoond",
    ),
    "membership_paid": EventWords(
        DE, "betaalde contributie", "betaalde contributies", "de contributie betaalt", "de contributie heeft betaald",
        "de contributie niet heeft betaald", "{quantity} heeft", "een contributie van {amount} betaalt",
        "contributies voor {amount} heeft betaald", "voor elke {money} contributie",
    ),
    "login": EventWords(
        DE, "inlog", "inlogs", "inlogt", "heeft ingelogd", "niet heeft ingelogd", "{quantity} heeft gedaan",
    ),
}  # fmt: skip

UNKNOWN = EventWords(
    DE, "gebeurtenis {name}", "gebeurtenissen {name}", "{name} bereikt", "{name} heeft bereikt",
    "{name} niet heeft bereikt", "{quantity} heeft",
)  # fmt: skip
