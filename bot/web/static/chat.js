/* The talk on the screen. Text is only ever set as text; what is sent and received is wire.js's business. */
import { Sender, Stream, cameBack, ask } from "./wire.js";

const SHOWN_MS = 1500;
const QUIET_MS = 2000;
const ANSWER_MS = 10000;
const CALLS = /(\b(?:999|15999|997)\b)/;
const TOUCH = matchMedia("(pointer: coarse)");

const words = JSON.parse(document.getElementById("words").textContent);
const main = document.querySelector("main");
const log = document.getElementById("log");
const form = document.getElementById("form");
const box = document.getElementById("box");
const state = document.getElementById("state");

let language = document.documentElement.lang;
let ticked = 0;
let helped = false;
let askedAt = 0;
let stateTimer = 0;

/* -- building */

function make(tag, classes, text) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}

/* One paragraph. In care the help lines can be called by a tap; nothing else is ever a link. */
function paragraph(text, lang, care) {
  const element = make("p");
  if (lang) element.lang = lang;
  const parts = care ? text.split(CALLS) : [text];
  parts.forEach((part, n) => {
    if (n % 2 === 0) {
      element.append(part);
      return;
    }
    const link = make("a", "call", part);
    link.href = "tel:" + part;
    element.append(link);
  });
  return element;
}

function speaker(name) {
  return make("span", "unseen", name + ": ");
}

function choice(item, group, lang) {
  const button = make("button", "choice", item.label);
  button.type = "button";
  if (item.lang && item.lang !== lang) button.lang = item.lang;
  button.addEventListener("click", () => tap(button, item, group));
  return button;
}

function choices(row, lang) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words[language].choose);
  row.choices.forEach((item) => group.append(choice(item, group, lang)));
  return group;
}

/* A staged chat of a lesson. Where it cannot be fetched, what it shows is written. */
function picture(shown, lang) {
  const image = make("img", "picture");
  image.alt = shown.alt;
  image.addEventListener("load", more);
  image.addEventListener("error", () => image.replaceWith(paragraph(shown.alt, lang, false)));
  image.src = shown.src;
  return image;
}

/* -- what comes */

function show(row) {
  if (row.wipe) log.replaceChildren();
  if (row.language && row.lane !== "relay") speak(row.language);
  const lang = row.language || language;
  const message = make("div", "message");
  message.lang = lang;
  const bubble = make("div", "bubble");
  bubble.append(speaker("Teman"));
  const langs = row.langs || [];
  row.text.split("\n\n").forEach((text, n) => {
    const own = langs[n] && langs[n] !== lang ? langs[n] : "";
    bubble.append(paragraph(text, own, row.lane === "care"));
  });
  if (row.picture) bubble.append(picture(row.picture, lang));
  if (new Set(langs).size > 2) bubble.classList.add("tongues-apart");
  message.append(bubble);
  if (row.choices.length) {
    settle();
    message.append(choices(row, lang));
  }
  put(message);
  focusOn(message);
  tick();
}

function put(element) {
  log.append(element);
  const tall = element.offsetHeight > log.clientHeight - 24;
  log.scrollTop = tall ? element.offsetTop - 12 : log.scrollHeight;
  more();
}

/* A sign for the eye that there is more below; keyboards and screen readers get there by themselves. */
function more() {
  main.classList.toggle("more", log.scrollHeight - log.scrollTop - log.clientHeight > 48);
}

/* To the first choice, else to the box. Only for an answer: never away from somebody who is writing or leaving, nor up
   with a phone's keyboard. */
function focusOn(message) {
  const here = document.activeElement;
  if (Date.now() - askedAt > ANSWER_MS || (here === box && box.value) || here.closest(".top")) return;
  const first = message.querySelector(".choice");
  if (first) first.focus({ preventScroll: true });
  else if (!TOUCH.matches) box.focus({ preventScroll: true });
}

/* Earlier choices can no longer be tapped; on another tab they still can, and do no harm. */
function settle() {
  log.querySelectorAll(".choice:not(:disabled)").forEach((button) => {
    button.disabled = true;
  });
}

/* The words around the talk follow its language. */
function speak(next) {
  if (next === language || !words[next]) return;
  language = next;
  const said = words[next];
  document.documentElement.lang = next;
  document.title = said.title;
  document.querySelectorAll("[data-word]").forEach((element) => {
    element.textContent = said[element.dataset.word];
  });
  box.placeholder = said[box.dataset.placeholder];
  log.setAttribute("aria-label", said[log.dataset.label]);
}

/* -- what goes */

function own(text) {
  const message = make("div", "message own sending");
  const bubble = make("div", "bubble");
  bubble.append(speaker(words[language].you), paragraph(text, "", false));
  message.append(bubble);
  put(message);
  return message;
}

function told(message, how) {
  const note = message && message.querySelector(".note");
  if (how === "sent") {
    helped = false;
    if (message) message.classList.remove("sending");
    if (note) note.remove();
    return;
  }
  const text = words[language][how === "waiting" ? "unsent" : "refused"];
  if (note) note.textContent = text;
  else if (message) message.append(make("p", "note", text));
  else connected(false);
  lifeline();
}

/* The built-in help lines, at once, without the server; once for each time that it is away. */
function lifeline(again = false) {
  if (helped && !again) return;
  helped = true;
  const message = make("div", "message");
  const bubble = make("div", "bubble care");
  bubble.append(speaker("Teman"), paragraph(words[language].lifeline, "", true));
  message.append(bubble);
  put(message);
}

/* One message out; `message` is what shows it on the screen, if anything does. */
function say(message, shown) {
  askedAt = Date.now();
  return sender.send(message, (how) => told(shown, how));
}

function tap(button, item, group) {
  if (button.disabled) return;
  settle();
  button.setAttribute("aria-pressed", "true");
  group.classList.add("sending");
  say({ kind: "tap", token: item.token }, group);
}

function write(text) {
  const message = own(text);
  message.removeAttribute("lang");
  say({ kind: "text", text }, message);
}

function refusePicture() {
  say({ kind: "media" }, null);
}

/* Tells the server what was shown, when somebody could have read it. */
function tick() {
  setTimeout(async () => {
    if (document.visibilityState !== "visible" || ticked >= stream.last) return;
    const seq = stream.last;
    try {
      if ((await ask("/chat/seen", { seq })).ok) ticked = Math.max(ticked, seq);
    } catch {
      /* the next message says it again */
    }
  }, SHOWN_MS);
}

/* -- the parts together */

const sender = new Sender(() => stream.last, main.dataset.chosen);

async function start() {
  ticked = 0; // a chat that is unknown begins anew, and its numbers with it
  await say({ kind: "start" }, null);
}

const stream = new Stream(show, connected, start);

function connected(isOpen) {
  clearTimeout(stateTimer);
  if (isOpen) {
    state.hidden = true;
    state.textContent = "";
    return;
  }
  stateTimer = setTimeout(() => {
    state.textContent = words[language].offline;
    state.hidden = false;
  }, QUIET_MS);
}

function grow() {
  box.style.height = "auto";
  box.style.height = Math.min(box.scrollHeight + 2, innerHeight / 3) + "px";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text) write(text);
  box.value = "";
  grow();
  box.focus();
});
box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
document.getElementById("help").addEventListener("click", () => {
  if (!state.hidden || helped) lifeline(true);
  write(words[language].help_word);
});
document.addEventListener("paste", (event) => {
  const pasted = event.clipboardData;
  if (!pasted || !pasted.files.length || pasted.types.includes("text/plain")) return;
  event.preventDefault();
  refusePicture();
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  const files = event.dataTransfer ? event.dataTransfer.files.length : 0;
  if (files || event.target !== box) event.preventDefault();
  if (files) refusePicture();
});
document.addEventListener("visibilitychange", tick);
log.addEventListener("scroll", more, { passive: true });
window.addEventListener("resize", more);

async function begin() {
  if (!cameBack()) await start();
  stream.run();
}

begin();
