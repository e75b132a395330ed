"""Builds the web application: extensions and blueprints, nothing else."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from admin_web import assets, headers, languages, problems
from admin_web.admin.answers import admin_answers
from admin_web.admin.emergency import emergency_pages
from admin_web.admin.emergency_groups import emergency_groups
from admin_web.admin.flows import admin_flows
from admin_web.admin.hearing import hearing
from admin_web.admin.hours import admin_hours
from admin_web.admin.menus import admin_menus
from admin_web.admin.message_schedule import message_schedule
from admin_web.admin.messages import message_pages
from admin_web.admin.phone_book import admin_phone_book
from admin_web.admin.queues import admin_queues
from admin_web.admin.reasons import admin_reasons
from admin_web.admin.routes import administration
from admin_web.admin.service_keys import service_keys
from admin_web.admin.service_number import service_number
from admin_web.admin.topics import admin_topics
from admin_web.admin.traffic import admin_traffic
from admin_web.admin.users import admin_users
from admin_web.admin.versions import admin_versions
from admin_web.admin.weeks import weeks
from admin_web.agent.calls import agent_calls
from admin_web.agent.layout import layout_routes
from admin_web.agent.people import people
from admin_web.agent.routes import desk
from admin_web.agent.softphone import softphone_routes
from admin_web.audit.routes import audit_pages
from admin_web.auth import csrf, guard
from admin_web.auth.routes import sign_in_pages
from admin_web.chat.routes import chat_pages
from admin_web.commands.routes import command_routes
from admin_web.commands.steering import steering_routes
from admin_web.faults.routes import faults
from admin_web.health.routes import health
from admin_web.hooks.routes import hooks
from admin_web.hooks.whatsapp import whatsapp
from admin_web.live.routes import add_live
from admin_web.presenters import words
from admin_web.privacy.routes import privacy_pages
from admin_web.recordings.routes import recording_pages
from admin_web.settings import WebSettings
from admin_web.sheets.routes import sheets
from admin_web.supervisor.routes import floor
from admin_web.wallboard.routes import wallboards
from admin_web.web_ports import WebPorts

__all__ = ["WebPorts", "WebSettings", "create_app"]

BLUEPRINTS = (
    sign_in_pages,
    desk,
    softphone_routes,
    agent_calls,
    layout_routes,
    people,
    floor,
    command_routes,
    steering_routes,
    health,
    administration,
    message_pages,
    emergency_pages,
    service_keys,
    service_number,
    message_schedule,
    hearing,
    weeks,
    audit_pages,
    admin_hours,
    admin_menus,
    admin_flows,
    emergency_groups,
    admin_queues,
    admin_users,
    admin_reasons,
    admin_topics,
    admin_answers,
    admin_phone_book,
    admin_traffic,
    sheets,
    faults,
    admin_versions,
    wallboards,
    recording_pages,
    privacy_pages,
    hooks,
    whatsapp,
    chat_pages,
)


def create_app(ports: WebPorts, settings: WebSettings) -> Flask:
    """The application for these ports; it asks nothing of them before the first request."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(flask_settings(settings))
    app.extensions["cx-ports"] = ports
    app.extensions["cx-settings"] = settings
    for part in (assets, headers, languages, words, csrf, guard, problems):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    add_live(app, ports, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def flask_settings(settings: WebSettings) -> dict[str, object]:
    """Flask's own settings, from ours. `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis, 4.1.3.2)."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-cx" if settings.https else "cx",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "PREFERRED_URL_SCHEME": "https" if settings.https else "http",
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "TRAP_HTTP_EXCEPTIONS": False,
    }
