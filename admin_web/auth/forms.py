"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):  # type: ignore[misc]
    """User name and password; lengths are bounded so that hashing costs the same for everybody."""

    username = StringField(
        validators=[InputRequired(lazy_gettext("Vul uw gebruikersnaam in.")), Length(max=100)],
        filters=[lambda text: text.strip() if text else text],
    )
    password = PasswordField(validators=[InputRequired(lazy_gettext("Vul uw wachtwoord in.")), Length(max=200)])
