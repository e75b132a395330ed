"""Security headers on every answer. Nothing inline runs and nothing foreign loads."""

from __future__ import annotations

from flask import Flask, Response, g

from admin_web.settings import WebSettings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in POLICY.items())
"""`'self'` in connect-src covers WebSockets of the same host (CSP Level 3, 6.7.2.8)."""


def framed_by(*origins: str) -> None:
    """Let these websites, and our own, show the answer to the present request in a frame."""
    g.cx_framed_by = " ".join(("'self'", *origins))


def for_every_site() -> None:
    """Let any website load the answer to the present request; what it holds is for everybody."""
    g.cx_for_every_site = True


def content_security_policy(softphone_url: str) -> str:
    """The policy of a site whose softphones register at this address."""
    if not softphone_url:
        return CONTENT_SECURITY_POLICY
    return CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {softphone_url}")


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Add the headers to whatever the application answers."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        settings: WebSettings = app.extensions["cx-settings"]
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = content_security_policy(settings.softphone_url)
        _open_to_sites(response)
        if settings.https:
            response.headers["Strict-Transport-Security"] = HSTS
        response.headers.setdefault("Cache-Control", "no-store")
        if response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def _open_to_sites(response: Response) -> None:
    """X-Frame-Options knows no list of sites; without it frame-ancestors counts alone (CSP Level 3, 6.4.2)."""
    origins = g.get("cx_framed_by")
    if origins is not None:
        del response.headers["X-Frame-Options"]
        name = "Content-Security-Policy"
        response.headers[name] = response.headers[name].replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    if g.get("cx_for_every_site"):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
