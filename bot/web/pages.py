"""The pages people see, and the start page. Their sentences come from the catalogs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.errors import NoSuchText
from bot.host.receive import Host
from bot.messages import LANGUAGES, Language
from bot.texts import LIFELINE

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
FALLBACK: Final[Language] = "ms"
"""Of a page that is opened without a word about its language: the national language."""
KEPT: Final = "public, max-age=3600"
"""Pictures of the lessons are the same for everybody, until the lessons change."""
ROBOTS: Final = "User-agent: *\nDisallow: /\n"


def routes(host: Host) -> list[BaseRoute]:
    """The start page, and what browsers and robots fetch by themselves."""
    pages = Pages(host)

    async def start(request: Request) -> Response:
        return pages.show("start.html", language_of(request))

    async def icon(_: Request) -> Response:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    async def robots(_: Request) -> Response:
        return PlainTextResponse(ROBOTS)

    async def picture(request: Request) -> Response:
        data = await asyncio.to_thread(host.library.picture, request.path_params["name"])
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="image/png", headers={"Cache-Control": KEPT})

    return [
        Route("/", start),
        Route("/pictures/{name:str}.png", picture),
        Route("/favicon.ico", icon),
        Route("/robots.txt", robots),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


class Pages:
    """Renders the templates with the house's facts and the texts of one language."""

    def __init__(self, host: Host) -> None:
        self._texts = host.library.texts
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True,
            lstrip_blocks=True, undefined=jinja2.StrictUndefined,
        )  # fmt: skip
        self._templates.globals.update(
            house=host.house, languages=LANGUAGES, lifeline=LIFELINE, word=self.word
        )

    def word(self, language: Language, key: str) -> str:
        """A text of the pages. Nobody is known there: whoever reads is addressed as an adult."""
        return self._texts.get(language, key, adult=True)

    def show(
        self, name: str, language: Language, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """One page in one language."""
        body = self._templates.get_template(name).render(lang=language, **values)
        return HTMLResponse(body, status)

    def trouble(self, status: int) -> HTMLResponse:
        """A page for 404, 500 and their like: the help lines, and a sentence where there is one."""
        key = "web.not_found" if status == 404 else "web.broken"
        said = {language: self._sentence(language, key) for language in LANGUAGES}
        return self.show("error.html", FALLBACK, status=status, said=said)

    def _sentence(self, language: Language, key: str) -> str:
        try:
            return self.word(language, key)
        except NoSuchText:  # the help lines must come even where a catalog is broken
            return ""


def language_of(request: Request) -> Language:
    """The language of a page: asked for in its address, else the browser's first that we speak."""
    chosen = hint(request.query_params.get("lang"))
    if chosen:
        return chosen
    wanted = request.headers.get("accept-language", "").split(",")
    return next((found for text in wanted if (found := hint(text))), FALLBACK)


def hint(text: str | None) -> Language | None:
    """One of the four languages from a tag such as `ta`, `zh-CN` or `en;q=0.9`; else None."""
    code = (text or "").strip()[:2].lower()
    return next((language for language in LANGUAGES if language == code), None)
