"""The steps of somebody at the chat page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from bot.messages import LANGUAGES
from tests.web.site import Site
from tests.web.web_scene import library

THREAT = {
    "ms": "dia kata nak sebar gambar saya kalau tak bayar",
    "en": "he will send my photo to my class if i dont pay",
    "zh": "他说不给钱就把我的照片发给全班",
    "ta": "பணம் கொடுக்கலைன்னா என் போட்டோவை எல்லாருக்கும் அனுப்புவேன்னு மிரட்டுறான்",
}


def said(language: str, key: str) -> str:
    code = next(found for found in LANGUAGES if found == language)
    return library().texts.get(code, key, adult=True)


def begin(page: Page, bot: Site, language: str = "en") -> None:
    """The chat, up to its first question."""
    page.goto(f"{bot.url}/chat?lang={language}")
    expect(page.locator(".choice").first).to_be_visible()


def tap(page: Page, label: str | re.Pattern[str]) -> None:
    """Tap an open choice and wait for what comes."""
    choice = page.locator(".choice:enabled", has_text=label).first
    expect(choice).to_be_visible()
    came = page.locator(".message").count()
    choice.click()
    expect(page.locator(".message")).to_have_count(came + 1)


def onboard(page: Page, bot: Site, language: str = "en") -> None:
    """Up to the menu, as a teenager."""
    begin(page, bot, language)
    for key in ("button.child", "button.band_13_17", "button.ok"):
        tap(page, said(language, key))


def write(page: Page, text: str) -> None:
    page.locator("#box").fill(text)
    page.keyboard.press("Enter")
