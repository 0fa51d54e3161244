/* What goes between the page and the server: the address, messages out, the stream in. It knows nothing of the screen. */

const KEY = "teman";
const CAME_BACK = "teman.back";
const ANSWER_MS = 10000;
const SILENCE_MS = 40000;
const WAITS_MS = [500, 1000, 2000, 3000, 5000];
const FOR_EVER_WRONG = new Set([400, 401, 413, 415]);

let inMemory = "";
const leaving = new AbortController();
document.addEventListener("teman:leave", () => leaving.abort());

/* -- the address */

export function freshAddress() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function keepAddress(address) {
  inMemory = address;
  try {
    sessionStorage.setItem(KEY, address);
  } catch {
    /* The browser keeps nothing: the talk lasts as long as the page. */
  }
}

function address() {
  let kept = inMemory;
  try {
    kept = sessionStorage.getItem(KEY) || kept;
  } catch {
    /* as above */
  }
  if (!/^[\w-]{43}$/.test(kept)) {
    kept = freshAddress();
    keepAddress(kept);
  }
  return kept;
}

/* Come-back words have just led here: the talk goes on by itself. True once. */
export function cameBack() {
  try {
    const yes = sessionStorage.getItem(CAME_BACK) === "1";
    sessionStorage.removeItem(CAME_BACK);
    return yes;
  } catch {
    return false;
  }
}

export function markBack() {
  try {
    sessionStorage.setItem(CAME_BACK, "1");
  } catch {
    /* The chat then simply begins with where the talk stands. */
  }
}

/* crypto.randomUUID is missing on plain http, as in a classroom. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* -- asking */

export async function ask(path, body, bearer = address()) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS);
  const stop = () => late.abort();
  leaving.signal.addEventListener("abort", stop);
  try {
    return await fetch(path, {
      method: "POST",
      headers: { Authorization: "Bearer " + bearer, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: late.signal,
    });
  } finally {
    clearTimeout(timer);
    leaving.signal.removeEventListener("abort", stop);
  }
}

/* Resolves after `ms`, or as soon as the browser is online again. */
function pause(ms) {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      done();
    }
    window.addEventListener("online", end);
  });
}

const wait = (tries) => WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] * (0.75 + Math.random() / 2);

/* -- messages out: one after the other, each with one id however often it is sent */

export class Sender {
  /* `shown()`: number of the last row on the screen. `language`: chosen on the start page, or "". */
  constructor(shown, language) {
    this.shown = shown;
    this.language = language;
    this.queue = [];
    this.busy = false;
  }

  /* `told(state)`: "sent", "waiting" (it will be tried again) or "refused". Resolves when it is over. */
  send(message, told = () => {}) {
    return new Promise((over) => {
      this.queue.push({ message: { id: newId(), ...message }, told, over });
      this.work();
    });
  }

  async work() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue.length && !leaving.signal.aborted) {
      const job = this.queue[0];
      const state = await this.deliver(job);
      job.told(state);
      this.queue.shift();
      job.over(state);
    }
    this.busy = false;
  }

  async deliver(job) {
    for (let tries = 0; !leaving.signal.aborted; tries += 1) {
      let asked = 0;
      try {
        const body = { ...job.message, seen: this.shown() };
        if (this.language) body.language = this.language;
        const answer = await ask("/chat/messages", body);
        if (answer.ok) return "sent";
        if (FOR_EVER_WRONG.has(answer.status)) return "refused";
        asked = Number(answer.headers.get("Retry-After")) * 1000 || 0;
      } catch {
        /* no connection, or no answer in time: the same message goes again */
      }
      if (leaving.signal.aborted) break;
      job.told("waiting");
      await pause(Math.max(wait(tries), Math.min(asked, 15000)));
    }
    return "refused";
  }
}

/* -- rows in */

export class Stream {
  /* `onRow(row)`, `onState(isOpen)`, and `onUnknown()` (a promise) where the server does not know this chat. */
  constructor(onRow, onState, onUnknown) {
    this.onRow = onRow;
    this.onState = onState;
    this.onUnknown = onUnknown;
    this.last = 0;
    this.heard = 0;
    this.cut = null;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && Date.now() - this.heard > SILENCE_MS / 2) this.again();
    });
  }

  /* Drops the connection: a new one is made at once. */
  again() {
    if (this.cut) this.cut.abort();
  }

  async run() {
    for (let tries = 0; !leaving.signal.aborted; tries += 1) {
      const began = this.heard;
      try {
        await this.once();
      } catch {
        /* broken off; below it is tried again */
      }
      if (leaving.signal.aborted) return;
      if (this.heard !== began) tries = 0;
      this.onState(false);
      await pause(wait(tries));
    }
  }

  async once() {
    this.cut = new AbortController();
    const stop = () => this.cut.abort();
    leaving.signal.addEventListener("abort", stop);
    const watch = setInterval(() => {
      if (Date.now() - this.heard > SILENCE_MS) stop();
    }, 5000);
    const late = setTimeout(stop, ANSWER_MS);
    try {
      const headers = { Authorization: "Bearer " + address() };
      if (this.last) headers["Last-Event-ID"] = String(this.last);
      const answer = await fetch("/chat/events", { headers, cache: "no-store", signal: this.cut.signal });
      clearTimeout(late);
      if (answer.status === 404) {
        this.last = 0; // another chat begins, with numbers of its own
        return await this.onUnknown();
      }
      if (!answer.ok) throw new Error("no stream");
      this.heard = Date.now();
      this.onState(true);
      await this.read(answer.body.getReader());
    } finally {
      clearTimeout(late);
      clearInterval(watch);
      leaving.signal.removeEventListener("abort", stop);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.heard = Date.now();
      text += decoder.decode(value, { stream: true });
      const events = text.split("\n\n");
      text = events.pop();
      events.forEach((event) => this.take(event));
    }
  }

  take(event) {
    const line = event.split("\n").find((part) => part.startsWith("data: "));
    if (!line) return;
    const row = JSON.parse(line.slice(6));
    if (row.seq <= this.last) return;
    this.last = row.seq;
    this.onRow(row);
  }
}
