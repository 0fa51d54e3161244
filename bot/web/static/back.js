/* Come-back words: the browser gets a new address, and the server binds the talk to it when the words fit. */
import { ask, freshAddress, keepAddress, markBack } from "./wire.js";

const form = document.getElementById("form");
const said = document.getElementById("said");
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  said.textContent = "";
  const bearer = freshAddress();
  const fields = Array.from(form.querySelectorAll("[name=word]"), (field) => field.value);
  let status = 0;
  try {
    const answer = await ask("/back", { reference: form.reference.value, words: fields.join(" ") }, bearer);
    status = answer.status;
  } catch {
    /* no connection */
  }
  button.disabled = false;
  if (status === 200) {
    keepAddress(bearer);
    markBack();
    form.reset();
    location.replace(form.dataset.chat);
    return;
  }
  const why = status === 403 || status === 400 ? "wrong" : status === 429 ? "wait" : "offline";
  said.textContent = said.dataset[why];
  (why === "wrong" ? document.getElementById("word1") : button).focus();
});
