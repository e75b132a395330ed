"""Security headers, and how long browsers may keep what they get."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import admin_web
from tests.cast import ANNA, SOFIE
from tests.web.conftest import Desk

FOLDER = Path(admin_web.__file__).parent


def test_nothing_inline_and_nothing_foreign_may_run(desk: Desk) -> None:
    policy = desk.visitor().get("/sign-in").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy


def test_every_answer_carries_the_headers(desk: Desk) -> None:
    visitor = desk.visitor()
    for path in ("/sign-in", "/", "/nowhere", "/healthz", "/static/x/css/page.css"):
        headers = visitor.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Content-Security-Policy" in headers


def test_pages_are_not_kept(desk: Desk) -> None:
    assert desk.visitor().get("/sign-in").headers["Cache-Control"] == "no-store"
    assert desk.visitor_as(ANNA).get("/agent").headers["Cache-Control"] == "no-store"


def test_hsts_only_over_https(desk: Desk, https_desk: Desk) -> None:
    assert "Strict-Transport-Security" not in desk.visitor().get("/sign-in").headers
    assert "max-age=31536000" in https_desk.visitor().get("/sign-in").headers["Strict-Transport-Security"]


def test_static_files_are_kept_for_a_year_under_their_version_only(desk: Desk) -> None:
    visitor = desk.visitor()
    addresses = re.findall(r'"(/static/[^"]+)"', visitor.get("/sign-in").text)
    assert addresses
    for address in addresses:
        answer = visitor.get(address)
        assert answer.status_code in (200, 404), address
        if answer.status_code == 200:
            assert "immutable" in answer.headers["Cache-Control"]
    assert visitor.get("/static/old/css/page.css").headers["Cache-Control"] == "no-cache"


def test_text_is_sent_compressed_to_who_takes_that_and_as_it_is_to_others(desk: Desk) -> None:
    visitor = desk.visitor()
    plain = visitor.get("/static/x/js/agent.js")
    packed = visitor.get("/static/x/js/agent.js", **{"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in packed.vary
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 2 < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in visitor.get("/static/x/js/agent.js", **{"Accept-Encoding": "gzip;q=0"}).headers


def test_pages_and_answers_that_hold_secrets_are_never_compressed(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    for path in ("/agent", "/agent/directory?q=zoe", "/agent/calls"):
        assert "Content-Encoding" not in visitor.get(path, **{"Accept-Encoding": "gzip"}).headers


def test_static_files_do_not_lead_out_of_their_folder(desk: Desk) -> None:
    assert desk.visitor().get("/static/x/../app.py").status_code == 404
    assert desk.visitor().get("/static/x/%2e%2e/app.py").status_code == 404


def test_templates_have_no_inline_script_style_or_event_attribute() -> None:
    for template in (FOLDER / "templates").glob("*.html"):
        text = template.read_text()
        assert not re.search(r"\son[a-z]+=", text), template.name
        assert "style=" not in text, template.name
        assert "<style" not in text, template.name
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text), template.name


def test_pages_name_their_language(desk: Desk) -> None:
    assert '<html lang="nl"' in desk.visitor().get("/sign-in").text
    assert '<html lang="nl"' in desk.visitor_as(SOFIE).get("/supervisor").text
