"""The operator's settings: read once from the environment and .env, typed, checked at the
start.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsWrong
from bot.messages import Language

_DEFAULT_SAFE_WORDS: dict[Language, str] = {
    "ms": "payung",
    "en": "umbrella",
    "zh": "雨伞",
    "ta": "குடை",
}


def _no_slash(text: str) -> str:
    return text.rstrip("/")


def _word_list(value: object) -> object:
    """`ms:payung,en:umbrella`: the operator's own quiet words."""
    if not isinstance(value, str):
        return value
    parts = [part.partition(":") for part in value.split(",") if part.strip()]
    if any(not mark or not word.strip() for _, mark, word in parts):
        raise ValueError("is written as ms:payung,en:umbrella,zh:雨伞,ta:குடை")
    return {code.strip(): word.strip() for code, _, word in parts}


Url = Annotated[str, AfterValidator(_no_slash)]


def is_loopback(url: str) -> bool:
    """Whether an address is this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_web_address(url: str) -> bool:
    """Whether an address can be called over HTTP."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class Settings(BaseSettings):
    """Every setting there is; the environment name is the field's, in capitals, after TEMAN_.

    A secret may also stand in a file: TEMAN_X_FILE names it.
    """

    model_config = SettingsConfigDict(
        env_prefix="TEMAN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    secret_keys: SecretStr = SecretStr("")
    database_url: str = "sqlite:///data/teman.db"
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: Url = ""
    exit_url: str = "https://www.google.com/"
    operator_name: str = Field("Teman demo", min_length=1, max_length=60)
    demo: Literal["auto", "no"] = "auto"
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: Url = "https://api.telegram.org"
    telegram_mode: Literal["poll", "webhook"] = "poll"
    telegram_webhook_secret: SecretStr = SecretStr("")
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_phone_number_id: str = ""
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_api_url: Url = "https://graph.facebook.com/v25.0"
    whatsapp_account_id: str = ""
    whatsapp_template: str = Field("teman_notice", pattern=r"^[a-z0-9_]{1,512}$")
    whatsapp_monthly_limit: int = Field(0, ge=0)
    intake: Literal["desk", "webhook", "primero", "email"] = "desk"
    intake_url: Url = ""
    intake_secret: SecretStr = SecretStr("")
    alarm_url: Url = ""
    desk_hours: str = ""
    desk_state: str = ""
    handoff_without_answer: Literal["never", "emergency"] = "never"
    safe_words: Annotated[dict[Language, str], NoDecode, BeforeValidator(_word_list)] = Field(
        default_factory=dict
    )
    break_glass: bool = False
    retention_days: int = Field(90, ge=1, le=3650)
    serve_reviewed_only: bool = False
    under_13: Literal["with_adult", "web_only", "allow"] = "with_adult"
    metrics_token: SecretStr = SecretStr("")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    def has_telegram(self) -> bool:
        """Whether the Telegram door is to be opened."""
        return bool(self.telegram_token.get_secret_value())

    def has_whatsapp(self) -> bool:
        """Whether the WhatsApp door is to be opened."""
        return bool(self.whatsapp_token.get_secret_value())

    def is_demo(self) -> bool:
        """Whether no child can be there: no platform has a token, or those that have one are
        pretend platforms on this machine; unless the operator says that it is none.
        """
        doors = (
            (self.has_telegram(), self.telegram_api_url),
            (self.has_whatsapp(), self.whatsapp_api_url),
        )
        pretend = all(is_loopback(url) for is_open, url in doors if is_open)
        return self.demo == "auto" and pretend

    def secrets(self) -> list[str]:
        """Every secret that is set, for whoever has to keep them out of sight."""
        found = (getattr(self, name) for name in type(self).model_fields)
        values = [one.get_secret_value() for one in found if isinstance(one, SecretStr)]
        return [value for value in values if value]

    def quiet_words(self) -> dict[Language, str]:
        """The safe word of each language."""
        return {**_DEFAULT_SAFE_WORDS, **self.safe_words}

    def url(self) -> str:
        """Where people reach the web pages."""
        return self.public_url or f"http://localhost:{self.port}"


def read(env_file: Path | None = Path(".env")) -> Settings:
    """Settings from the environment, then the file. Raises SettingsWrong with a line for each that
    is wrong.
    """
    try:
        return Settings(_env_file=env_file, **_from_files(_names(env_file) | dict(os.environ)))
    except ValidationError as error:
        rows = (
            f"TEMAN_{str(e['loc'][0]).upper()}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise SettingsWrong("; ".join(rows)) from None


def _names(env_file: Path | None) -> dict[str, str]:
    """The names in the file, too: a typing error there must not pass silently either."""
    if env_file is None or not env_file.is_file():
        return {}
    try:
        lines = env_file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{env_file} cannot be read as UTF-8") from error
    parts = (line.strip().removeprefix("export ").partition("=") for line in lines)
    return {name.strip(): value.strip().strip("'\"") for name, mark, value in parts if mark}


def _from_files(environment: dict[str, str]) -> dict[str, Any]:
    """Values of TEMAN_X_FILE; a name with the prefix that is no setting is a typing error, and said
    so.
    """
    known = {f"TEMAN_{name.upper()}": name for name in Settings.model_fields}
    found: dict[str, Any] = {}
    for name, path in environment.items():
        setting = known.get(name.removesuffix("_FILE"))
        if not name.startswith("TEMAN_") or name.startswith("TEMAN_TEST_") or name in known:
            continue
        if setting is None:
            raise SettingsWrong(f"{name} is no setting; docs/settings.md has the list")
        found[setting] = _secret_file(name, path)
    return found


def _secret_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{name}: the file cannot be read as UTF-8") from error
