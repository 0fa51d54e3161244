// The queue looks again by itself. Without this file the page does it by a meta refresh.
"use strict";
(() => {
  const LOOK_AGAIN_MS = 20000;
  const plainTitle = document.title.replace(/^\(\d+\) /, "");
  const live = document.getElementById("live");
  let timer = 0;

  function show(page) {
    const fresh = page.getElementById("queue");
    if (!fresh) {
      // Signed out: the page in hand must not stay on the screen.
      location.replace("/desk/sign-in");
      return;
    }
    const old = document.getElementById("queue");
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(fresh));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const before = Number(old.dataset.loud);
    const now = Number(fresh.dataset.loud);
    document.title = (now ? `(${now}) ` : "") + plainTitle;
    if (now > before) live.textContent = "A report needs somebody now.";
  }

  async function look() {
    try {
      const answer = await fetch("/desk?auto=1", { cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error("not answered");
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      document.getElementById("summary").textContent =
        "The desk does not answer. What you see may be old; it tries again every 20 seconds.";
    }
    timer = setTimeout(look, LOOK_AGAIN_MS);
  }

  timer = setTimeout(look, LOOK_AGAIN_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    clearTimeout(timer);
    look();
  });
  window.addEventListener("pagehide", () => clearTimeout(timer));
})();
