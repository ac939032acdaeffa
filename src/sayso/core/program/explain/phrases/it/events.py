"""The Italian words for well-known events."""

from sayso.core.program.explain.events import EventWords, Nouns

M = Nouns("un {}", "ogni {}", "l’ultimo {}")
F = Nouns("una {}", "ogni {}", "l’ultima {}")
FV = Nouns("un’{}", "ogni {}", "l’ultima {}")

EVENTS: dict[str, EventWords] = {
    "purchase": EventWords(
        M, "acquisto", "acquisti", "fa un acquisto", "ha acquistato", "non ha acquistato nulla", "ha fatto {quantity}",
        "spende {amount}", "ha speso {amount}", "per ogni {money} di spesa",
    ),
    "signup": EventWords(
        F, "registrazione", "registrazioni", "si registra", "si è registrato", "non si è registrato", "ha {quantity}",
    ),
    "lead": EventWords(
        F, "richiesta di contatto", "richieste di contatto", "lascia i suoi recapiti", "ha lasciato i suoi recapiti",
        "non ha lasciato i suoi recapiti", "ha fatto {quantity}",
    ),
    "lead_qualified": EventWords(
        M, "interesse confermato", "interessi confermati", "si rivela un buon candidato",
        "si è rivelato un buon candidato", "non si è rivelato un buon candidato", "ha {quantity}",
    ),
    "meeting_held": EventWords(
        M, "incontro", "incontri", "ci incontra", "ci ha incontrato", "non ci ha incontrato", "ha avuto {quantity}",
    ),
    "contract_signed": EventWords(
        M, "contratto", "contratti", "firma un contratto", "ha firmato un contratto", "non ha firmato nessun contratto",
        "ha firmato {quantity}", "firma un contratto per un valore di {amount}",
        "ha firmato contratti per un valore di {amount}", "per ogni {money} di contratto",
    ),
    "refund": EventWords(
        M, "rimborso", "rimborsi", "riceve un rimborso", "ha ricevuto un rimborso", "non ha ricevuto rimborsi",
        "ha ricevuto {quantity}", "riceve rimborsi per {amount}", "ha ricevuto rimborsi per {amount}",
        "per ogni {money} di rimborso",
    ),
    "deposit": EventWords(
        M, "versamento", "versamenti", "fa un versamento", "ha fatto un versamento", "non ha fatto nessun versamento",
        "ha fatto {quantity}", "versa {amount}", "ha versato {amount}", "per ogni {money} di versamento",
    ),
    "first_deposit": EventWords(
        M, "primo versamento", "primi versamenti", "fa un primo versamento", "ha fatto un primo versamento",
        "non ha fatto un primo versamento", "ha fatto {quantity}", "fa un primo versamento di {amount}", "",
        "per ogni {money} di versamento",
    ),
    "account_opened": EventWords(
        FV, "apertura di conto", "aperture di conto", "apre un conto", "ha aperto un conto",
        "non ha aperto nessun conto", "ha {quantity}",
    ),
    "card_activated": EventWords(
        FV, "attivazione della carta", "attivazioni della carta", "attiva la carta", "ha attivato una carta",
        "non ha attivato nessuna carta", "ha {quantity}",
    ),
    "card_payment": EventWords(
        M, "pagamento con la carta", "pagamenti con la carta", "paga con la carta", "ha pagato con la carta",
        "non ha pagato con la carta", "ha fatto {quantity}", "paga {amount} con la carta",
        "ha pagato {amount} con la carta", "per ogni {money} di pagamenti con la carta",
    ),
    "salary_received": EventWords(
        M, "accredito dello stipendio", "accrediti dello stipendio", "accredita lo stipendio",
        "ha accreditato lo stipendio", "non ha accreditato lo stipendio", "ha ricevuto {quantity}",
        "accredita uno stipendio di {amount}",
    ),
    "direct_debit_set_up": EventWords(
        F, "domiciliazione", "domiciliazioni", "domicilia una bolletta", "ha domiciliato una bolletta",
        "non ha domiciliato nessuna bolletta", "ha {quantity}",
    ),
    "invoice_paid": EventWords(
        F, "fattura pagata", "fatture pagate", "paga una fattura", "ha pagato una fattura",
        "non ha pagato nessuna fattura", "ha {quantity}", "paga una fattura di {amount}",
        "ha pagato fatture per {amount}", "per ogni {money} di fatture pagate",
    ),
    "subscription_started": EventWords(
        M, "nuovo abbonamento", "nuovi abbonamenti", "sottoscrive un abbonamento", "ha sottoscritto un abbonamento",
        "non ha sottoscritto nessun abbonamento", "ha sottoscritto {quantity}",
        "sottoscrive un abbonamento di {amount}",
    ),
    "subscription_renewed": EventWords(
        M, "rinnovo", "rinnovi", "rinnova l’abbonamento", "ha rinnovato un abbonamento",
        "non ha rinnovato nessun abbonamento", "ha {quantity}", "rinnova l’abbonamento per {amount}",
    ),
    "trial_started": EventWords(
        F, "prova gratuita", "prove gratuite", "inizia una prova gratuita", "ha iniziato una prova gratuita",
        "non ha iniziato nessuna prova gratuita", "ha iniziato {quantity}",
    ),
    "survey_answered": EventWords(
        F, "risposta a un sondaggio", "risposte ai sondaggi", "risponde a un sondaggio", "ha risposto a un sondaggio",
        "non ha risposto a nessun sondaggio", "ha dato {quantity}",
    ),
    "review_written": EventWords(
        F, "recensione", "recensioni", "scrive una recensione", "ha scritto una recensione",
        "non ha scritto nessuna recensione", "ha scritto {quantity}",
    ),
    "coupon_redeemed": EventWords(
        M, "buono usato", "buoni usati", "usa un buono", "ha usato un buono", "non ha usato nessun buono",
        "ha {quantity}",
    ),
    "points_spent": EventWords(
        M, "riscatto", "riscatti", "spende punti", "ha speso punti", "non ha speso punti", "ha fatto {quantity}",
    ),
    "cancelled": EventWords(
        F, "disdetta", "disdette", "disdice", "ha disdetto", "non ha disdetto", "ha fatto {quantity}",
    ),
    "app_installed": EventWords(
        FV, "installazione dell’app", "installazioni dell’app", "installa l’app", "ha installato l’app",
        "non ha installato l’app", "ha {quantity}",
    ),
    "profile_completed": EventWords(
        M, "profilo completato", "profili completati", "completa il suo profilo", "ha completato il suo profilo",
        "non ha completato il suo profilo", "ha {quantity}",
    ),
    "birthday": EventWords(
        M, "compleanno", "compleanni", "compie gli anni", "ha compiuto gli anni", "non ha compiuto gli anni",
        "ha festeggiato {quantity}",
    ),
    "visit": EventWords(
        F, "visita", "visite", "ci fa visita", "ci ha fatto visita", "non ci ha fatto visita", "ha fatto {quantity}",
    ),
    "check_in": EventWords(
        M, "check-in", "check-in", "fa il check-in", "ha fatto il check-in", "non ha fatto il check-in",
        "ha fatto {quantity}",
    ),
    "class_attended": EventWords(
        F, "lezione", "lezioni", "segue una lezione", "ha seguito una lezione", "non ha seguito nessuna lezione",
        "ha seguito {quantity}",
    ),
    "event_attended": EventWords(
        M, "evento", "eventi", "partecipa a un evento", "ha partecipato a un evento",
        "non ha partecipato a nessun evento", "ha partecipato a {quantity}",
    ),
    "session_attended": EventWords(
        F, "sessione", "sessioni", "viene a una sessione", "è venuto a una sessione", "non è venuto a nessuna sessione",
        "ha seguito {quantity}",
    ),
    "membership_paid": EventWords(
        F, "quota pagata", "quote pagate", "paga la quota associativa", "ha pagato la quota associativa",
        "non ha pagato la quota associativa", "ha {quantity}", "paga una quota di {amount}",
        "ha pagato quote per {amount}", "per ogni {money} di quota",
    ),
    "login": EventWords(M, "accesso", "accessi", "accede", "ha fatto l’accesso", "non ha fatto l’accesso",
        "ha fatto {quantity}",
    ),
}  # fmt: skip

UNKNOWN = EventWords(
    M, "evento {name}", "eventi {name}", "arriva a {name}", "ha raggiunto {name}", "non ha raggiunto {name}",
    "ha {quantity}",
)  # fmt: skip
