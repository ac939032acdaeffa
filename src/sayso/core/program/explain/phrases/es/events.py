"""The Spanish words for well-known events."""

from sayso.core.program.explain.events import EventWords, Nouns

M = Nouns("un {}", "cada {}", "el último {}")
F = Nouns("una {}", "cada {}", "la última {}")

EVENTS: dict[str, EventWords] = {
    "purchase": EventWords(
        F, "compra", "compras", "hace una compra", "ha comprado", "no ha comprado nada", "ha hecho {quantity}",
        "compra por {amount}", "ha gastado {amount}", "por cada {money} de compra",
    ),
    "signup": EventWords(
        M, "registro", "registros", "se registra", "se ha registrado", "no se ha registrado", "tiene {quantity}",
    ),
    "lead": EventWords(
        F, "solicitud de contacto", "solicitudes de contacto", "deja sus datos de contacto",
        "ha dejado sus datos de contacto", "no ha dejado sus datos de contacto", "ha hecho {quantity}",
    ),
    "lead_qualified": EventWords(
        M, "interés confirmado", "intereses confirmados", "resulta ser un buen candidato",
        "ha resultado ser un buen candidato", "no ha resultado ser un buen candidato", "tiene {quantity}",
    ),
    "meeting_held": EventWords(
        F, "reunión", "reuniones", "se reúne con nosotros", "se ha reunido con nosotros",
        "no se ha reunido con nosotros", "ha tenido {quantity}",
    ),
    "contract_signed": EventWords(
        M, "contrato", "contratos", "firma un contrato", "ha firmado un contrato", "no ha firmado ningún contrato",
        "ha firmado {quantity}", "firma un contrato por {amount}", "ha firmado contratos por {amount}",
        "por cada {money} del contrato",
    ),
    "refund": EventWords(
        F, "devolución", "devoluciones", "recibe una devolución", "ha recibido una devolución",
        "no ha recibido ninguna devolución", "ha recibido {quantity}", "recibe una devolución de {amount}",
        "ha recibido devoluciones por {amount}", "por cada {money} devuelto",
    ),
    "deposit": EventWords(
        M, "ingreso", "ingresos", "hace un ingreso", "ha hecho un ingreso", "no ha hecho ningún ingreso",
        "ha hecho {quantity}", "ingresa {amount}", "ha ingresado {amount}", "por cada {money} de ingreso",
    ),
    "first_deposit": EventWords(
        M, "primer ingreso", "primeros ingresos", "hace un primer ingreso", "ha hecho un primer ingreso",
        "no ha hecho un primer ingreso", "ha hecho {quantity}", "hace un primer ingreso de {amount}", "",
        "por cada {money} de ingreso",
    ),
    "account_opened": EventWords(
        F, "apertura de cuenta", "aperturas de cuenta", "abre una cuenta", "ha abierto una cuenta",
        "no ha abierto ninguna cuenta", "tiene {quantity}",
    ),
    "card_activated": EventWords(
        F, "activación de tarjeta", "activaciones de tarjeta", "activa la tarjeta", "ha activado una tarjeta",
        "no ha activado ninguna tarjeta", "tiene {quantity}",
    ),
    "card_payment": EventWords(
        M, "pago con tarjeta", "pagos con tarjeta", "paga con la tarjeta", "ha pagado con la tarjeta",
        "no ha pagado con la tarjeta", "ha hecho {quantity}", "paga {amount} con la tarjeta",
        "ha pagado {amount} con la tarjeta", "por cada {money} de pago con tarjeta",
    ),
    "salary_received": EventWords(
        F, "nómina", "nóminas", "domicilia la nómina", "ha domiciliado la nómina", "no ha domiciliado la nómina",
        "ha recibido {quantity}", "domicilia una nómina de {amount}",
    ),
    "direct_debit_set_up": EventWords(
        F, "domiciliación", "domiciliaciones", "domicilia un recibo", "ha domiciliado un recibo",
        "no ha domiciliado ningún recibo", "tiene {quantity}",
    ),
    "invoice_paid": EventWords(
        F, "factura pagada", "facturas pagadas", "paga una factura", "ha pagado una factura",
        "no ha pagado ninguna factura", "tiene {quantity}", "paga una factura de {amount}",
        "ha pagado facturas por {amount}", "por cada {money} de factura pagada",
    ),
    "subscription_started": EventWords(
        F, "suscripción nueva", "suscripciones nuevas", "contrata una suscripción", "ha contratado una suscripción",
        "no ha contratado ninguna suscripción", "ha contratado {quantity}", "contrata una suscripción de {amount}",
    ),
    "subscription_renewed": EventWords(
        F, "renovación", "renovaciones", "renueva la suscripción", "ha renovado una suscripción",
        "no ha renovado ninguna suscripción", "tiene {quantity}", "renueva la suscripción por {amount}",
    ),
    "trial_started": EventWords(
        F, "prueba gratuita", "pruebas gratuitas", "empieza una prueba gratuita", "ha empezado una prueba gratuita",
        "no ha empezado ninguna prueba gratuita", "ha empezado {quantity}",
    ),
    "survey_answered": EventWords(
        F, "respuesta a una encuesta", "respuestas a encuestas", "responde a una encuesta",
        "ha respondido a una encuesta", "no ha respondido a ninguna encuesta", "ha dado {quantity}",
    ),
    "review_written": EventWords(
        F, "reseña", "reseñas", "escribe una reseña", "ha escrito una reseña", "no ha escrito ninguna reseña",
        "ha escrito {quantity}",
    ),
    "coupon_redeemed": EventWords(
        M, "cupón canjeado", "cupones canjeados", "canjea un cupón", "ha canjeado un cupón",
        "no ha canjeado ningún cupón", "tiene {quantity}",
    ),
    "points_spent": EventWords(
        M, "canje", "canjes", "gasta puntos", "ha gastado puntos", "no ha gastado puntos", "ha hecho {quantity}",
    ),
    "cancelled": EventWords(
        F, "baja", "bajas", "se da de baja", "se ha dado de baja", "no se ha dado de baja", "tiene {quantity}",
    ),
    "app_installed": EventWords(
        F, "instalación de la app", "instalaciones de la app", "instala la app", "ha instalado la app",
        "no ha instalado la app", "tiene {quantity}",
    ),
    "profile_completed": EventWords(
        M, "perfil completado", "perfiles completados", "completa su perfil", "ha completado su perfil",
        "no ha completado su perfil", "tiene {quantity}",
    ),
    "birthday": EventWords(
        M, "cumpleaños", "cumpleaños", "cumple años", "ha cumplido años", "no ha cumplido años", "ha tenido {quantity}",
    ),
    "visit": EventWords(
        F, "visita", "visitas", "nos visita", "nos ha visitado", "no nos ha visitado", "ha hecho {quantity}",
    ),
    "check_in": EventWords(
        F, "llegada registrada", "llegadas registradas", "registra su llegada", "ha registrado su llegada",
        "no ha registrado su llegada", "tiene {quantity}",
    ),
    "class_attended": EventWords(
        F, "clase", "clases", "asiste a una clase", "ha asistido a una clase", "no ha asistido a ninguna clase",
        "ha asistido a {quantity}",
    ),
    "event_attended": EventWords(
        M, "evento", "eventos", "asiste a un evento", "ha asistido a un evento", "no ha asistido a ningún evento",
        "ha asistido a {quantity}",
    ),
    "session_attended": EventWords(
        F, "sesión", "sesiones", "viene a una sesión", "ha venido a una sesión", "no ha venido a ninguna sesión",
        "ha venido a {quantity}",
    ),
    "membership_paid": EventWords(
        F, "cuota pagada", "cuotas pagadas", "paga la cuota de socio", "ha pagado la cuota de socio",
        "no ha pagado la cuota de socio", "tiene {quantity}", "paga una cuota de {amount}",
        "ha pagado cuotas por {amount}", "por cada {money} de cuota",
    ),
    "login": EventWords(
        M, "acceso", "accesos", "entra en su cuenta", "ha entrado en su cuenta", "no ha entrado en su cuenta",
        "tiene {quantity}",
    ),
}  # fmt: skip

UNKNOWN = EventWords(
    M, "evento {name}", "eventos {name}", "llega a {name}", "ha llegado a {name}", "no ha llegado a {name}",
    "tiene {quantity}",
)  # fmt: skip
