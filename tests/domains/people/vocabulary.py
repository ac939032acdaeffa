"""A program whose vocabulary holds a name of every type, and random conditions in its words."""

from hypothesis import strategies as st

from sayso.core.program.review import check_program

PROGRAM = """\
sayso: 1
program: friends
title: {en: Bring a friend, es: Trae a un amigo, it: Porta un amico, nl: Breng een vriend mee}
currency: EUR
attributes: {visits: whole, shop: text, vip: bool, ratio: decimal, rent: money, born: date, met: moment, likes: tags}
facts:
  orders: {count: purchase}
  orders_90d: {count: purchase, within: 90d}
  orders_2m: {count: purchase, within: 2 months}
  orders_30h: {count: purchase, within: 30h}
  spent: {sum: purchase.amount, within: 365d}
people:
  groups:
    by_hand: {by_hand: true}
    promoters: member.score >= 70
    regulars: member.orders_90d >= 2 and "staff" not in member.tags
score:
  answered_9_or_10: {if: member.last_score >= 9, points: 40}
  comes_back: {if: member.orders_90d >= 2, points: 30}
  recommended: {if: member.friends_joined >= 1 or member.ratio > 0.3, points: 30}
  complains: {if: not member.vip, points: -20}
points: {unit: beans, earn: {shopping: {on: purchase, give: 1 per 1 EUR}}}
tiers: {by: points_earned, levels: {bronze: 0, silver: 100, gold: 500}}
"""
PARSED = check_program(PROGRAM)

ORDERS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
SAME = st.sampled_from(["==", "!="])
AMONG = st.sampled_from(["in", "not in"])
DATES = st.integers(1, 28).map(lambda day: f'"2027-03-{day:02d}"')
MOMENTS = st.sampled_from(['"2027-03-28T01:00:00Z"', '"2027-02-01T09:30:00+02:00"', '"1999-12-31T23:59:59Z"'])
DECIMALS = st.sampled_from(["0.1", "0.3", "2.5"])
WHOLE = ("orders", "orders_90d", "orders_2m", "orders_30h", "visits", "points", "score", "last_score", "friends_joined")
MOMENT = ("joined", "met", "last_purchase", "last_visit")


def of(*names: str) -> st.SearchStrategy[str]:
    """One of these names."""
    return st.sampled_from([f"member.{name}" for name in names])


def put(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A pattern whose `{}` are filled."""
    return st.tuples(*parts).map(lambda filled: pattern.format(*filled))


def calculated(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Terms, and what they come to with each other and with literals."""
    signs = st.sampled_from("+-*/")
    both = st.recursive(terms, lambda inner: put("({} {} {})", inner, signs, inner), max_leaves=3)
    return st.one_of(both, put("({} {} {})", both, signs, literals), put("({} {} {})", literals, signs, both))


whole = st.one_of(of(*WHOLE), put("{}({})", st.sampled_from(["days_since", "days_until"]), of("born", *MOMENT)))
few = st.integers(0, 4).map(str)
literals = st.one_of(few, DECIMALS)
numbers = calculated(st.one_of(whole, whole, of("ratio")))
money = st.one_of(of("spent", "rent"), put("{} * {}", of("spent", "rent"), literals))
texts = of("country", "language", "shop", "tier")
words = st.sampled_from(['"NL"', '"es"', '"Bluebell"', '"silver"', '"staff"'])
flags = of("vip", "is_new")
LEAVES = st.one_of(
    put("{} {} {}", st.one_of(whole, numbers, of("ratio")), ORDERS, st.one_of(literals, numbers)),
    put("{} {} ({}, {})", st.one_of(whole, numbers, of("ratio")), AMONG, few, st.just("3")),
    put("{} {} ({}, {})", of("ratio", "visits"), AMONG, DECIMALS, DECIMALS),
    put("{} {} {}", money, ORDERS, st.one_of(money, literals, st.just('"12.50 EUR"'))),
    put("{} / {} {} {}", money, money, ORDERS, literals),
    put("{} {} {}", of("born", *MOMENT), ORDERS, st.one_of(DATES, MOMENTS, of("born", *MOMENT))),
    put("{} {} ({}, {})", of("born", *MOMENT), AMONG, DATES, DATES),
    put("{} {} {}", texts, SAME, st.one_of(words, texts, st.just("program.name"))),
    put("{} {} ({}, {})", texts, AMONG, words, st.just('"it"')),
    put("{} {} {}", st.one_of(words, texts), AMONG, of("tags", "likes")),
    flags,
    put("{} {} {}", flags, SAME, st.one_of(flags, st.sampled_from(["True", "False"]))),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(put("not ({})", inner), put("({} {} {})", inner, st.sampled_from(["and", "or"]), inner)),
    max_leaves=5,
)
