/* The quick exit. It stands alone: it works when every other script failed and the server is frozen. */
"use strict";
(() => {
  const KEY = "teman";
  const ESC_AGAIN_MS = 2000;
  const link = document.getElementById("leave");
  let lastEsc = -ESC_AGAIN_MS;

  function kept() {
    try {
      return sessionStorage.getItem(KEY) || "";
    } catch {
      return "";
    }
  }

  function id() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* Tells the server, but never waits for it. */
  function tell(token) {
    fetch("/chat/messages", {
      method: "POST",
      keepalive: true,
      headers: { Authorization: "Bearer " + token, "Content-Type": "application/json" },
      body: JSON.stringify({ id: id(), kind: "hide" }),
    }).catch(() => {});
  }

  function leave(event) {
    if (event) event.preventDefault();
    const to = link.href;
    const token = kept();
    document.dispatchEvent(new Event("teman:leave"));
    document.body.replaceChildren();
    document.title = "";
    try {
      sessionStorage.clear();
      history.replaceState(null, "", "/");
      if (token) tell(token);
    } finally {
      location.replace(to);
    }
  }

  link.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - lastEsc < ESC_AGAIN_MS) leave(event);
    lastEsc = event.timeStamp;
  });
  /* A page that the browser kept for its Back button is old: ask for a new one. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
