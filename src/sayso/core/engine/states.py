"""The states of rewards and of referrals, and the sets of them that rules speak of (DESIGN, "The words").

Owns the names. How a reward moves from one to the next is `settle`'s, a referral `referrals`'.
"""

# Rewards: what reserves its cost; what its owner does not have yet; what they have; what came to nothing, and of that
# what gave its reserve back.
COMMITTED = ("held", "in_review", "approved")
UNPAID = ("held", "in_review", "waiting", "approved")
HANDED_OVER = ("issued", "redeemed")
ENDED = ("reversed", "expired", "denied")
TAKEN_BACK = ("reversed", "denied")
REWARD_STATES = (*UNPAID, *HANDED_OVER, *ENDED)

# Referrals: what still takes steps; what keeps the friend from another referral; what leaves them free.
RUNNING = ("open", "in_review")
STANDING = (*RUNNING, "completed")
CLOSED = ("expired", "rejected")
REFERRAL_STATUSES = (*STANDING, *CLOSED)
