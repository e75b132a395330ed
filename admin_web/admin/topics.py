"""`/admin/topics`: what contacts can be about [41]. A topic that is used no more is retired; contacts keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import Content, Remarks, beside, content_of, latest, posted_base, say_refused
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from cxcore.domain.phone_book import matches
from cxcore.domain.topics import Topic, topics_in
from cxcore.ports.site_texts import Edit

admin_topics = Blueprint("admin_topics", __name__)
LONGEST_NAME = 80
NEW = Topic("")


@admin_topics.get("/admin/topics")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The topics that fit `q`, and the form of the one who was chosen; an empty one for a new topic."""
    base, content = latest()
    name = request.args.get("topic", "")
    chosen = next((topic for topic in _topics(content) if topic.name == name), None)
    if name and chosen is None:
        abort(404)
    return _shown(content, name, chosen or NEW, base, {})


@admin_topics.post("/admin/topics")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change."""
    base, before = posted_base(), request.form.get("before", "")
    content = content_of(base)
    topics, wanted = _topics(content), _wanted()
    if not wanted.name or (wanted.name != before and wanted.name in {topic.name for topic in topics}):
        flash(gettext("Dit onderwerp heeft geen naam, of bestaat al. Kies een andere naam."), "error")
        return _shown(content, before, wanted, base, {}), 422
    proposal = weigh(Change(base, (Edit(("topics",), written(_with(topics, before, wanted))),)))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for(".page"))
    say_refused()
    found = beside(proposal.errors, ("topics",))
    return _shown(content, before, wanted, base, {"": [each for beside in found.values() for each in beside]}), 422


def written(topics: Sequence[Topic]) -> list[Any]:
    """As they stand in the site: the name alone where there is no more to say."""
    return [_written(topic) for topic in topics]


def _written(topic: Topic) -> Any:
    said = {"group": topic.group, "retired": topic.retired}
    more = {key: value for key, value in said.items() if value}
    return {"name": topic.name, **more} if more else topic.name


def _topics(content: Content) -> list[Topic]:
    return topics_in(content.get("topics") or ())


def _wanted() -> Topic:
    name, group = (" ".join(request.form.get(field, "").split())[:LONGEST_NAME] for field in ("name", "group"))
    return Topic(name, group, request.form.get("retired") == "yes")


def _with(topics: list[Topic], before: str, wanted: Topic) -> list[Topic]:
    """A changed topic stays where it was, a new one comes after the last of its group."""
    if before:
        return [wanted if topic.name == before else topic for topic in topics]
    last = [place for place, topic in enumerate(topics, start=1) if topic.group == wanted.group]
    place = last[-1] if last else len(topics)
    return [*topics[:place], wanted, *topics[place:]]


def _shown(content: Content, name: str, chosen: Topic, base: int, remarks: Remarks) -> str:
    topics, query = _topics(content), request.args.get("q", "")[:LONGEST_NAME]
    found = [topic for topic in topics if not query.strip() or matches(query, topic.name, topic.group)]
    groups = list(dict.fromkeys(topic.group for topic in topics if topic.group))
    return render_template(
        "admin_topics.html", found=found, count=len(topics), groups=groups, query=query, before=name, topic=chosen,
        base=base, remarks=remarks,
    )  # fmt: skip
