"""Links that were looked up a moment ago: one look-up for all, a short life, and no room for those who guess."""

from __future__ import annotations

import threading
import time

import pytest

from sayso.domains.sharing.destinations import Closed, Destination, Place
from sayso.domains.sharing.redirects import Found, Redirects, Site

HERE = Site("bluebell")
PAGE = Place("/p/friends", "", (), "t", "", grows=False, plain="/p/friends?t=")


class Book:
    """Answers look-ups, slowly, and counts them."""

    def __init__(self, found: Found | None = None, *, seconds: float = 0.0) -> None:
        self.found, self.seconds, self.asked = found, seconds, 0

    def look_up(self, site: Site, slug: str) -> Found:
        self.asked += 1
        time.sleep(self.seconds)
        return self.found or Destination(1, 7, slug, "friends", "qr", 1, None, PAGE, (None, None))


def test_who_misses_the_same_link_together_asks_once() -> None:
    book = Book(seconds=0.2)
    links, found = Redirects(book.look_up), list[Found]()
    threads = [threading.Thread(target=lambda: found.append(links.find(HERE, "kq3mvx7p"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (book.asked, len(found)) == (1, 20)
    assert len({id(each) for each in found}) == 1


def test_a_look_up_that_fails_keeps_nobody_waiting() -> None:
    book = Book(seconds=0.1)

    def fail(site: Site, slug: str) -> Found:
        book.look_up(site, slug)
        raise OSError("the database is away")

    links, failures = Redirects(fail), list[Exception]()

    def ask() -> None:
        try:
            links.find(HERE, "kq3mvx7p")
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(failures) == 5


def test_a_link_is_believed_for_a_short_while() -> None:
    links = Redirects(Book().look_up, seconds=0.1)
    assert links.known(HERE, "kq3mvx7p") is None
    links.find(HERE, "kq3mvx7p")
    assert links.known(HERE, "kq3mvx7p") is not None
    time.sleep(0.11)
    assert links.known(HERE, "kq3mvx7p") is None


def test_before_it_ends_one_visitor_asks_again_for_all() -> None:
    links = Redirects(Book().look_up, seconds=1.0)
    links.find(HERE, "kq3mvx7p")
    time.sleep(0.65)
    known = [links.known(HERE, "kq3mvx7p") for _ in range(5)]
    assert [each is None for each in known] == [True, False, False, False, False]


@pytest.mark.parametrize("closed", list(Closed))
def test_what_leads_nowhere_is_not_remembered(closed: Closed) -> None:
    book = Book(closed)
    links = Redirects(book.look_up)
    assert [links.find(HERE, "guess") for _ in range(3)] == [closed] * 3
    assert book.asked == 3


def test_so_many_links_are_remembered_and_no_more() -> None:
    links = Redirects(Book().look_up, most=10)
    for number in range(50):
        links.find(HERE, f"link-{number}")
    assert [links.known(HERE, f"link-{number}") is not None for number in range(50)] == [False] * 40 + [True] * 10


def test_one_slug_in_two_places_is_two_links() -> None:
    links = Redirects(Book().look_up)
    links.find(HERE, "kq3mvx7p")
    assert links.known(Site("other"), "kq3mvx7p") is None
    assert links.known(Site("", "bluebell"), "kq3mvx7p") is None
